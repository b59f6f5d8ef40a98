// What the server sends, field by field; `messages.py` beside it names the same ones. Only types:
// no browser fetches this file.

/**
 * Lines of a legend, one entry of each list for each; signs are drawn in the file of signs.
 * @typedef {Object} RowsMessage
 * @property {string[]} signs
 * @property {string[]} words
 * @property {string[]} [counts]
 */

/**
 * A class of an axis of need × supply.
 * @typedef {Object} StepMessage
 * @property {string} words
 * @property {string} bounds
 */

/**
 * One of the nine classes of need × supply.
 * @typedef {Object} CellMessage
 * @property {string} sign
 * @property {string} count
 */

/**
 * The nine classes of need × supply, a list of cells for each line.
 * @typedef {Object} SquareMessage
 * @property {string} need
 * @property {string} supply
 * @property {StepMessage[]} lines
 * @property {StepMessage[]} columns
 * @property {CellMessage[][]} cells
 */

/**
 * A circle of the legend: its radius as a share of the largest one's, and its words.
 * @typedef {Object} ReferenceMessage
 * @property {number} share
 * @property {string} words
 */

/**
 * A legend, from top to bottom.
 * @typedef {Object} LegendMessage
 * @property {string} title
 * @property {RowsMessage} rows
 * @property {SquareMessage} [square]
 * @property {ReferenceMessage[]} [references]
 * @property {string} [note]
 */

/**
 * The signs of establishments under one heading.
 * @typedef {Object} KeysMessage
 * @property {string} title
 * @property {string} counted
 * @property {RowsMessage} rows
 */

/**
 * Another unit than the usual one, and the rows of the figures that have it.
 * @typedef {Object} UnitMessage
 * @property {string} unit
 * @property {number[]} rows
 */

/**
 * One figure a commune, parted by ``;``: in words, or the sign of why there is none.
 * @typedef {Object} FiguresMessage
 * @property {string} texts
 * @property {string} unit
 * @property {UnitMessage[]} [others]
 */

/**
 * One more figure of each commune, for the tooltip.
 * @typedef {Object} ColumnMessage
 * @property {string} texts
 * @property {string} unit
 * @property {UnitMessage[]} [others]
 * @property {string} label
 */

/**
 * Why a figure is unknown, and the rows of which it is told.
 * @typedef {Object} ReasonMessage
 * @property {string} words
 * @property {number[]} rows
 */

/**
 * How circles are drawn: a sign and a share of the largest radius for each commune.
 * @typedef {Object} CirclesMessage
 * @property {string} signs
 * @property {number[]} shares
 * @property {number} growth
 * @property {number} least
 * @property {number} most
 */

/**
 * A background that the operator turned on.
 * @typedef {Object} TilesMessage
 * @property {string} url
 * @property {string} attribution
 */

/**
 * What the browser fetches once.
 * @typedef {Object} MapFiles
 * @property {string} script
 * @property {string} geometry
 */

/**
 * A map but for what a visitor chose on it; one character of ``classes`` for each commune.
 * @typedef {Object} PaintMessage
 * @property {string} name
 * @property {MapFiles} files
 * @property {string} title
 * @property {string} sentence
 * @property {string} source
 * @property {string[]} notes
 * @property {LegendMessage} legend
 * @property {string} classes
 * @property {number[]} colours
 * @property {FiguresMessage} figures
 * @property {ColumnMessage[]} columns
 * @property {ReasonMessage[]} [reasons]
 * @property {CirclesMessage} [circles]
 * @property {string} [link]
 * @property {TilesMessage} [tiles]
 */

/**
 * A service that has establishments, and the shape of its symbols.
 * @typedef {Object} ServiceMessage
 * @property {string} words
 * @property {string} shape
 */

/**
 * The status of establishments.
 * @typedef {Object} StatusMessage
 * @property {string} status
 * @property {string} words
 */

/**
 * Establishments, one entry of each list for each; sent once under a name of their content.
 * @typedef {Object} PointsMessage
 * @property {string} [digest]
 * @property {ServiceMessage[]} services
 * @property {StatusMessage[]} statuses
 * @property {KeysMessage[]} keys
 * @property {number[]} lon
 * @property {number[]} lat
 * @property {number[]} service
 * @property {number[]} status
 * @property {string[]} name
 * @property {string[]} code
 * @property {string[]} detail
 */

/**
 * What the browser was sent before, by its name.
 * @typedef {Object} SentMessage
 * @property {string} digest
 */

/**
 * The communes that lack most, one entry of each list for each.
 * @typedef {Object} ShortfallsMessage
 * @property {string[]} codes
 * @property {string[]} names
 * @property {string[]} amounts
 */

/**
 * The days that a line of dates stops at, as the address and as people write them.
 * @typedef {Object} StopsMessage
 * @property {string} [digest]
 * @property {string[]} days
 * @property {string[]} words
 */

/**
 * What opened and closed since the stop before, one entry of each list for each such stop.
 * @typedef {Object} MovesMessage
 * @property {string} [digest]
 * @property {number[]} at
 * @property {number[]} opened
 * @property {number[]} closed
 * @property {string[]} words
 */

/**
 * A map, with what a visitor chose on it and what stands beside it.
 * @typedef {Object} MapMessage
 * @property {string} name
 * @property {MapFiles} files
 * @property {string} title
 * @property {string} sentence
 * @property {string} source
 * @property {string[]} notes
 * @property {LegendMessage} legend
 * @property {string} classes
 * @property {number[]} colours
 * @property {FiguresMessage} figures
 * @property {ColumnMessage[]} columns
 * @property {ReasonMessage[]} [reasons]
 * @property {CirclesMessage} [circles]
 * @property {string} [link]
 * @property {TilesMessage} [tiles]
 * @property {string | null} selected
 * @property {boolean} [whole]
 * @property {PointsMessage | SentMessage | null} points
 * @property {ShortfallsMessage | null} [shortfalls]
 * @property {StopsMessage | SentMessage} [stops]
 * @property {number} [stop]
 * @property {MovesMessage | SentMessage} [moves]
 */

/**
 * The file of signs and words that do not change with a question.
 * @typedef {Object} SignsMessage
 * @property {string} patterns
 * @property {Record<string, string>} icons
 * @property {Record<string, string>} shapes
 * @property {string[]} colours
 * @property {string[]} inks
 * @property {Record<string, string>} fills
 * @property {Record<string, string>} lines
 * @property {Record<string, string>} missing
 * @property {Record<string, string>} words
 */

/**
 * What the browser fetches once, for the map of one point.
 * @typedef {Object} PointFiles
 * @property {string} script
 * @property {string} geometry
 */

/**
 * The small map on which one establishment is put.
 * @typedef {Object} PointMessage
 * @property {string} name
 * @property {string} label
 * @property {string} code
 * @property {number | null} lon
 * @property {number | null} lat
 * @property {TilesMessage | null} tiles
 * @property {PointFiles} files
 */

/**
 * What the browser fetches once, for a form.
 * @typedef {Object} FormFiles
 * @property {string} script
 * @property {string} communes
 * @property {string} texts
 */

/**
 * The search of a commune.
 * @typedef {Object} SearchMessage
 * @property {FormFiles} files
 * @property {string} label
 */

/**
 * A question of the form of a page.
 * @typedef {Object} ControlMessage
 * @property {string} kind
 * @property {string} key
 * @property {string} label
 * @property {string} [value]
 * @property {[string, string][]} [options]
 * @property {string} [list]
 * @property {(number | string)[]} [help]
 * @property {string} [group]
 * @property {string} [least]
 * @property {string} [most]
 * @property {string} [hint]
 * @property {string} [sought]
 */

/**
 * The form of a page.
 * @typedef {Object} RailMessage
 * @property {FormFiles} files
 * @property {number} number
 * @property {ControlMessage[]} controls
 * @property {Record<string, string>} address
 * @property {Record<string, string>} lasting
 */

/**
 * The head of a column of a table.
 * @typedef {Object} HeadingMessage
 * @property {string} label
 * @property {string} unit
 * @property {string} key
 * @property {boolean} words
 * @property {string} sorted
 */

/**
 * Which lines of a long table are shown, from page 0 to the last.
 * @typedef {Object} PageMessage
 * @property {string} words
 * @property {number} number
 * @property {number} last
 */

/**
 * A table; each line is the code of its commune, then its cells.
 * @typedef {Object} GridMessage
 * @property {string} caption
 * @property {HeadingMessage[]} columns
 * @property {((string | null)[])[]} rows
 * @property {((string | null)[])[]} foot
 * @property {number} name
 * @property {string | null} selected
 * @property {boolean} pick
 * @property {boolean} tall
 * @property {PageMessage} [page]
 */

/**
 * What a component has to talk with: Streamlit gives it.
 * @typedef {Object} Component
 * @property {HTMLElement} parentElement
 * @property {Uint8Array<ArrayBuffer>} data
 * @property {(name: string, value: unknown) => void} setTriggerValue
 * @property {(name: string, value: unknown) => void} setStateValue
 */

export {};
