import { expect, test } from "vitest";
import type { RouteRequest } from "../../src/core/ports.ts";
import { createTermsRoutes, loadTerms } from "../../src/web/terms.ts";

const organisation = {
  name: "Albergue <Ejemplo>",
  phone: "+1 202 555 0101",
  hours: "9-5",
  url: "https://example.org",
};

async function page(headers: Record<string, string> = {}, query: Record<string, string> = {}): Promise<string> {
  const [route] = createTermsRoutes({ terms: await loadTerms("locales"), organisation });
  const request: RouteRequest = { method: "GET", url: "/terms", query, headers, body: undefined };
  const response = await route?.handle(request);
  return String(response?.body);
}

test("says in both languages what carriers and Meta want to find", async () => {
  const english = await page({}, { lang: "en" });
  for (const wanted of ["STOP", "HELP", "Message and data rates may apply", "Carriers are not liable", "/privacy"])
    expect(english).toContain(wanted);
  const spanish = await page({ "accept-language": "es-MX,es;q=0.9" });
  for (const wanted of ["ALTO", "AYUDA", "Pueden aplicar tarifas de mensajes y datos", 'lang="es"'])
    expect(spanish).toContain(wanted);
});

test("names the organisation, escaped, and leaves no gap", async () => {
  const html = await page({}, { lang: "en" });
  expect(html).toContain("Albergue &#60;Ejemplo&#62;");
  expect(html).toContain("+1 202 555 0101, 9-5");
  expect(html).not.toMatch(/\{\{|undefined|<script/);
});

test("both languages have the same sections", async () => {
  const terms = await loadTerms("locales");
  const counts = [...terms.values()].map(({ sections }) => sections.map(({ paragraphs }) => paragraphs.length));
  expect(counts[0]).toEqual(counts[1]);
});
