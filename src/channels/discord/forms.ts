import {
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
  TextInputStyle,
} from "discord.js";
import type { Form, FormField } from "../../core/room-forms.ts";
import { escaped } from "./markdown.ts";
import { type DiscordPress, encodePress } from "./presses.ts";

/** Discord's limits of a dialogue (docs.discord.com/developers/components/reference). */
const LIMITS = { title: 45, label: 45, description: 100 } as const;
const TICKED = "yes";

/** A dialogue. Its id says what is done with what it brings back. */
export function formModal(form: Form, press: DiscordPress): APIModalInteractionResponseCallbackData {
  return {
    custom_id: encodePress(press),
    title: form.title.slice(0, LIMITS.title),
    components: [
      ...(form.intro === undefined ? [] : [{ type: ComponentType.TextDisplay, content: escaped(form.intro) } as const]),
      ...form.fields.map(labelled),
    ],
  };
}

function labelled(field: FormField): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: field.label.slice(0, LIMITS.label),
    ...(field.hint !== undefined && { description: field.hint.slice(0, LIMITS.description) }),
    component: inputOf(field),
  };
}

function inputOf({ name, most, multiline, optional, tick, value }: FormField): APIComponentInLabel {
  if (tick !== undefined)
    return { type: ComponentType.StringSelect, custom_id: name, options: [{ label: tick, value: TICKED }] };
  return {
    type: ComponentType.TextInput,
    custom_id: name,
    style: multiline ? TextInputStyle.Paragraph : TextInputStyle.Short,
    max_length: most,
    required: optional !== true,
    ...(value !== undefined && { value }),
  };
}

/** What was filled in: the text of each field, and whether a box was ticked. */
export function fieldsOf({ components }: APIModalSubmission): {
  text(name: string): string;
  ticked(name: string): boolean;
} {
  const inputs = components.flatMap((one) => ("component" in one ? [one.component] : []));
  const named = (name: string) => inputs.find(({ custom_id }) => custom_id === name);
  return {
    text(name) {
      const input = named(name);
      return input !== undefined && "value" in input && typeof input.value === "string" ? input.value.trim() : "";
    },
    ticked(name) {
      const input = named(name);
      return input !== undefined && "values" in input && input.values.includes(TICKED);
    },
  };
}
