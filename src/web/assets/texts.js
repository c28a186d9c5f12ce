const all = JSON.parse(document.getElementById("texts").textContent);
let locale = document.documentElement.lang;

export const knows = (key) => key in all[locale];
export const say = (key) => all[locale][key] ?? key;

/** A counted text in the form its language has for the number. */
export function count(key, number) {
  const form = new Intl.PluralRules(locale).select(number);
  return say(`${key}_${form}`).replace("#", new Intl.NumberFormat(locale).format(number));
}

/** Rounded down: only what is certain reads 100 %. */
export const percent = (share) =>
  new Intl.NumberFormat(locale, { style: "percent", roundingMode: "floor" }).format(share);

/** YYYY, YYYY-MM or YYYY-MM-DD, no more exact than it is. */
export function date(iso) {
  const [, month, day] = iso.split("-");
  const parts = { year: "numeric", month: month && "long", day: day && "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale, parts).format(Date.parse(iso));
}

/** Changes the page's language. Bubbles keep the language they were said in. */
export function setLocale(next) {
  locale = next;
  document.documentElement.lang = next;
  document.title = say("title");
  write(document);
}

/** Writes every text that carries its key below an element. */
export function write(root) {
  for (const one of root.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
  for (const one of root.querySelectorAll("[data-count]"))
    one.textContent = count(one.dataset.count, Number(one.dataset.number));
  for (const one of root.querySelectorAll("[data-hint]")) one.placeholder = say(one.dataset.hint);
  for (const one of root.querySelectorAll("[data-label]")) {
    one.setAttribute("aria-label", say(one.dataset.label));
    if (one.title) one.title = say(one.dataset.label);
  }
}
