import type { Finding } from "../../core/check.ts";
import type { TwilioClient } from "./client.ts";

/**
 * Templates that WhatsApp must approve before anything may be sent outside the 24 hours after a person's message. Like
 * the announcements they stand for, they tell nothing on a screen that others may see. Names: lower case, digits, `_`.
 */
const TEMPLATES = [
  {
    name: "puente_aviso_es",
    language: "es",
    body: "Hay un aviso nuevo de {{1}}, que usted pidió recibir. Responda VER para leerlo, o ALTO para no recibir más.",
    sample: "Albergue Ejemplo",
  },
  {
    name: "puente_aviso_en",
    language: "en",
    body: "There is a new notice from {{1}}, which you asked to get. Reply READ to see it, or STOP to get no more.",
    sample: "Example Shelter",
  },
] as const;

type Template = (typeof TEMPLATES)[number];

/** Whether each template is approved; a template that is not there yet can be made and submitted at once. */
export function templateChecks(
  client: Pick<TwilioClient, "contents">,
): { readonly id: string; readonly title: string; run(): Promise<Finding> }[] {
  return TEMPLATES.map((template) => ({
    id: `template-${template.language}`,
    title: `WhatsApp template (${template.language})`,
    run: () => checkTemplate(client, template),
  }));
}

async function checkTemplate(client: Pick<TwilioClient, "contents">, template: Template): Promise<Finding> {
  const contents = await client.contents.list({ limit: 1000 });
  const found = contents.find(({ friendlyName }) => friendlyName === template.name);
  if (found === undefined)
    return {
      status: "warn",
      says: "Not submitted. Answers work without it; announcements on WhatsApp do not.",
      remedy: "docs/twilio.md shows its text. Meta takes minutes to a day.",
      fix: {
        question: `Make the template ${template.name} and submit it to WhatsApp?`,
        apply: () => submit(client, template),
      },
    };
  const { whatsapp } = await client.contents(found.sid).approvalFetch().fetch();
  const status =
    typeof whatsapp === "object" && whatsapp !== null ? String(whatsapp.status ?? "unsubmitted") : "unknown";
  if (status === "approved") return { status: "ok", says: "Approved." };
  return {
    status: "warn",
    says: `WhatsApp has it as ${status}.`,
    ...(status === "rejected" && { remedy: "Content Template Builder in Twilio's console shows Meta's reason." }),
  };
}

async function submit(
  client: Pick<TwilioClient, "contents">,
  { name, language, body, sample }: Template,
): Promise<void> {
  const resource = {
    friendly_name: name,
    language,
    variables: { "1": sample },
    types: { "twilio/text": { body } },
  };
  // The SDK types a class per resource; what it sends is the plain object.
  const { sid } = await client.contents.create(resource as never);
  await client.contents(sid).approvalCreate.create({ name, category: "UTILITY" } as never);
}
