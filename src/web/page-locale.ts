import type { RouteRequest } from "../core/ports.ts";
import type { Locale } from "../core/words.ts";

/** `?lang=`, else the first language of the browser that Puente speaks, else the first that Puente speaks. */
export function pageLocale({ query, headers }: RouteRequest, locales: readonly Locale[]): Locale {
  const wanted = [query["lang"], ...String(headers["accept-language"] ?? "").split(",")].map((tag) =>
    String(tag ?? "")
      .replace(/;.*/, "")
      .trim(),
  );
  const spoken = wanted.flatMap((tag) => locales.find((locale) => languageOf(locale) === languageOf(tag)) ?? []);
  return spoken[0] ?? locales[0] ?? "en";
}

/** "es" of "es-MX". */
function languageOf(tag: string): string {
  return tag.toLowerCase().replace(/-.*/, "");
}
