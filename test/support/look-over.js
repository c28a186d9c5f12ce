/**
 * Runs in a page and names what some people could not use: texts with too little contrast (WCAG 2.2, 1.4.3: 4.5 to 1),
 * controls without a name (4.1.2) and controls smaller than 24 pixels that do not stand in a text (2.5.8).
 */
function lookOver() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  /** The first colour behind an element that nothing shows through. */
  const behind = (one) => {
    for (let at = one; at !== null; at = at.parentElement) {
      const colour = read(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const shown = (one) => one.checkVisibility() && one.closest(".unseen, noscript") === null;

  const faint = [];
  const check = (text, element, style) => {
    const [a, b] = [luminance(read(style.color)), luminance(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)}: ${text}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() !== "" && shown(element)) check(node.textContent, element, getComputedStyle(element));
  }
  for (const field of document.querySelectorAll("textarea"))
    check(field.placeholder, field, getComputedStyle(field, "::placeholder"));

  const controls = [...document.querySelectorAll("button, a, input, textarea, [tabindex='0']")].filter(shown);
  const nameOf = (one) => one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent;
  const small = ({ width, height }) => Math.min(width, height) < 24;
  return {
    dark: luminance(behind(document.body)) < 0.1,
    faint,
    nameless: controls.filter((one) => nameOf(one).trim() === "").map((one) => one.outerHTML),
    tiny: controls
      .filter((one) => one.closest("li, dd") === null && small(one.getBoundingClientRect()))
      .map((one) => one.outerHTML),
  };
}

lookOver();
