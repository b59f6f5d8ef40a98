// Figures as the French write them.

/** 1 234,5 with a true minus; mirrors observatory/french/numbers.py. */
export function number(value, decimals, signed) {
  const digits = Math.abs(value).toLocaleString("fr-FR", {
    minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  });
  return (value < 0 ? "\u2212" : signed && value > 0 ? "+" : "") + digits;
}
