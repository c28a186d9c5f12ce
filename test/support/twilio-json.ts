/**
 * What may stand in a JSON body, field by field. Everything that is not named is a violation: for the parts of a content
 * type the description says so itself (`additionalProperties: false`), elsewhere the stand-in is stricter than it. `null`
 * is refused too where the description allows it: Puente sends none.
 */
export type Shape =
  | "text"
  | { readonly oneOf: readonly string[] }
  | { readonly listOf: Shape }
  /** Any names, all with the same kind of value. */
  | { readonly each: Shape }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly required?: readonly string[] };

const one = (...oneOf: string[]): Shape => ({ oneOf });

/** `messaging.v2.channels_sender.requests.update`, of twilio_messaging_v2.json, without the profile: that is Meta's to look at. */
export const SENDER_UPDATE: Shape = {
  fields: {
    friendly_name: "text",
    configuration: {
      fields: {
        waba_id: "text",
        verification_method: one("sms", "voice"),
        verification_code: "text",
        voice_application_sid: "text",
        account_type: one("ISV", "ISVSubAccount"),
      },
    },
    webhook: {
      fields: {
        callback_url: "text",
        callback_method: one("POST", "PUT"),
        fallback_url: "text",
        fallback_method: one("POST", "PUT"),
        status_callback_url: "text",
        status_callback_method: "text",
      },
    },
  },
};

/** `ContentCreateRequest`, of twilio_content_v1.json: three of its fourteen types. */
export const CONTENT: Shape = {
  fields: {
    friendly_name: "text",
    language: "text",
    variables: { each: "text" },
    types: {
      fields: {
        "twilio/text": { fields: { body: "text" }, required: ["body"] },
        "twilio/quick-reply": {
          fields: {
            body: "text",
            actions: {
              listOf: { fields: { type: one("QUICK_REPLY"), title: "text", id: "text" }, required: ["title"] },
            },
          },
          required: ["body", "actions"],
        },
        "twilio/list-picker": {
          fields: {
            body: "text",
            button: "text",
            items: { listOf: { fields: { id: "text", item: "text", description: "text" }, required: ["id", "item"] } },
          },
          required: ["body", "button", "items"],
        },
      },
    },
  },
  required: ["language", "types"],
};

/** `ContentApprovalRequest`, of twilio_content_v1.json. */
export const APPROVAL: Shape = { fields: { name: "text", category: "text" }, required: ["name", "category"] };

/** What is wrong with a value, in words that name the field; empty when it holds. */
export function misfits(value: unknown, shape: Shape, at = "the body"): string[] {
  if (shape === "text") return typeof value === "string" ? [] : [`${at} is no text`];
  if ("oneOf" in shape) return shape.oneOf.some((one) => one === value) ? [] : [`${at} is none of ${shape.oneOf}`];
  if ("listOf" in shape) {
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((one, index) => misfits(one, shape.listOf, `${at}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at} is no object`];
  const missing = ("required" in shape ? (shape.required ?? []) : [])
    .filter((name) => !(name in value))
    .map((name) => `${at} lacks ${name}`);
  const wrong = Object.entries(value).flatMap(([name, one]) => {
    const kind = "each" in shape ? shape.each : shape.fields[name];
    return kind === undefined ? [`${at} has no ${name}`] : misfits(one, kind, `${at}.${name}`);
  });
  return [...missing, ...wrong];
}
