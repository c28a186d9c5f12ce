import { expect, it } from "vitest";
import { loadPrivacyPages } from "../../src/privacy/page.ts";
import { createPrivacyRoutes } from "../../src/web/privacy.ts";

const pages = await loadPrivacyPages("locales");
const [route] = createPrivacyRoutes({ pages, organisation: { name: "Casa & Puente", phone: "+1 202 555 0101" } });

async function get(query: Record<string, string>, language?: string) {
  const answer = await route?.handle({
    method: "GET",
    url: "/privacy",
    query,
    headers: { ...(language && { "accept-language": language }) },
    body: undefined,
  });
  return String(answer?.body);
}

it("speaks the language that was asked for, or the browser's", async () => {
  expect(await get({ lang: "es" })).toContain("Qué guarda Puente y por cuánto tiempo");
  expect(await get({}, "es-MX,es;q=0.9")).toContain('<html lang="es">');
  expect(await get({}, "ht")).toContain("What Puente keeps");
});

it("says every sentence of the table, who answers for the service, and loads nothing", async () => {
  for (const page of pages) {
    const body = await get({ lang: page.locale });
    for (const { what, keep } of page.rows)
      for (const text of [what, ...keep]) expect(body).toContain(text.replaceAll("'", "&#39;"));
    expect(body).toContain("Casa &#38; Puente");
    expect(body).not.toMatch(/<script|<link|src=/);
  }
});
