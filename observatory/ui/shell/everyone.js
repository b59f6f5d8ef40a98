// The language of the page, and in French the words that Streamlit only has in English.
// Only whole texts that are listed here are replaced: what comes from data is never touched.

/** @type {Record<string, string>} */
const WORDS = {
  "Skip to main content": "Aller au contenu",
  "Choose an option": "Choisir",
  "Choose options": "Choisir",
  "No results": "Aucun résultat",
  "No options to select": "Aucun choix possible",
  "Select all": "Tout choisir",
  "Clear all": "Tout effacer",
  "Clear value": "Effacer",
  "Selected values": "Valeurs choisies",
  "Press Enter to apply": "Entrée pour appliquer",
  "Press Enter to submit form": "Entrée pour envoyer",
  Upload: "Choisir des fichiers",
  "Add files": "Ajouter des fichiers",
  "file upload": "Choisir des fichiers",
  "Running...": "En cours…",
  "Connection error": "Connexion perdue",
  "Connection timed out.": "Le serveur ne répond plus à temps. Recharger la page.",
  "Streamlit server is not responding. Are you connected to the internet?":
    "L'observatoire ne répond plus. Vérifier la connexion, puis recharger la page.",
  "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
    "L'observatoire ne répond plus. S'il est arrêté sur cette machine, le relancer :",
  "streamlit run yourscript.py": "observatory serve",
  "Page not found": "Page introuvable",
  "The page that you have requested does not seem to exist. Running the app's main page.":
    "Aucune page n'a cette adresse : voici la carte.",
};
// Names that only an element carries: as a text of the page they could be anything.
/** @type {Record<string, string>} */
const NAMES = {
  Open: "Ouvrir la liste",
  Sidebar: "Réglages",
  "Collapse sidebar": "Replier les réglages",
  "Expand sidebar": "Pages et réglages",
  "App pages": "Pages",
  Close: "Fermer",
  Dismiss: "Fermer",
  progress: "Avancement",
  Increment: "Augmenter",
  Decrement: "Diminuer",
};
/** @type {Record<string, string>} */
const STARTS = {
  "Help for ": "Aide : ",
  "Remove ": "Retirer ",
  "Show/hide columns: ": "Colonnes montrées : ",
  "Download as CSV: ": "Télécharger en CSV : ",
  "Search: ": "Chercher : ",
  "Fullscreen: ": "Plein écran : ",
  "Increment ": "Augmenter ",
  "Decrement ": "Diminuer ",
};
// What is read out as a list opens, and as one of its lines is chosen; what a dialog says.
/** @type {[RegExp, (told: string) => string][]} */
const SPOKEN = [
  [/^(\d+) more$/, (count) => `${count} autres`],
  [/^(\d+) options? available\.$/, (count) => `${count} choix.`],
  [/^(.+), selected$/, (option) => `${option}, choisi`],
  [
    /^You have requested page \/(.+), but no corresponding file was found in the app's pages\/ directory\. Running the app's main page\.$/,
    (address) => `Aucune page n'a l'adresse « ${address} » : voici la carte.`,
  ],
  [/^BidiComponent Error:?\s*$/, () => "Une partie de la page n'est pas arrivée\u00a0"],
  [/^\s*Failed to fetch dynamically imported module:/, () => " recharger la page."],
  [/^Connection failed with status (\d+)/, (status) => `La connexion a échoué (${status}).`],
];
const CARRIERS = ["aria-label", "title", "placeholder"];

/** @param {string} text */
function name(text) {
  const known = WORDS[text] ?? NAMES[text];
  if (known) return known;
  const start = Object.keys(STARTS).find((one) => text.startsWith(one));
  return start && STARTS[start] + text.slice(start.length);
}

// Streamlit's menu holds sections between its lines: no list, in which only lines may be.
const MENU = '[data-testid="stSidebarNavItems"], [data-testid="stSidebarNavItems"] li';

/** @param {Element} element */
function translateElement(element) {
  if (element.matches(MENU)) element.setAttribute("role", "presentation");
  for (const carrier of CARRIERS) {
    const text = element.getAttribute(carrier);
    const french = text && name(text);
    if (french) element.setAttribute(carrier, french);
  }
}

/** @param {string} text */
function spoken(text) {
  for (const [pattern, say] of SPOKEN) {
    const found = pattern.exec(text);
    if (found) return say(found[1]);
  }
  return null;
}

/** @param {Text} node */
function translateText(node) {
  const french = WORDS[node.data] ?? spoken(node.data);
  if (french) node.data = french;
}

/** @param {Node} node */
function translate(node) {
  if (node instanceof Text) translateText(node);
  if (!(node instanceof Element)) return;
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  /** @type {Node | null} */
  let one = node;
  while (one) {
    if (one instanceof Text) translateText(one);
    else translateElement(/** @type {Element} */ (one));
    one = walker.nextNode();
  }
}

export default function () {
  const root = document.documentElement;
  if (root.lang === "fr") return; // once per document: pages come and go in it
  root.lang = "fr";
  translate(document.body);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translate);
      else if (change.type === "characterData") translateText(/** @type {Text} */ (change.target));
      else translateElement(/** @type {Element} */ (change.target));
    }
  }).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributeFilter: CARRIERS,
  });
}
