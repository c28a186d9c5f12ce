import type { z } from "zod";
import type { Finding } from "./finding.ts";
import {
  directorySchema,
  forbiddenSchema,
  lexiconSchema,
  outOfScopeSchema,
  placesSchema,
  signOffsSchema,
  sourcesSchema,
  unsupportedLanguagesSchema,
  urgentSchema,
} from "./schema.ts";
import { readYaml, type YamlFile } from "./yaml-file.ts";

/** The files of the content folder that belong to no section. */
export type SharedFiles = ReturnType<typeof readSharedFiles>;

/** Reads them all. Each must exist, so that a misspelt name does not take the danger rules out of service. */
export function readSharedFiles(files: ReadonlyMap<string, string>) {
  return {
    sources: read(files, "sources.yaml", sourcesSchema, []),
    directory: read(files, "directory.yaml", directorySchema, []),
    places: read(files, "places.yaml", placesSchema, []),
    outOfScope: read(files, "out-of-scope.yaml", outOfScopeSchema, []),
    urgent: read(files, "urgent.yaml", urgentSchema, []),
    lexicon: read(files, "lexicon.yaml", lexiconSchema, { replace: {}, concepts: {} }),
    unsupportedLanguages: read(files, "unsupported-languages.yaml", unsupportedLanguagesSchema, []),
    forbidden: read(files, "forbidden.yaml", forbiddenSchema, []),
    signOffs: read(files, "sign-offs.yaml", signOffsSchema, []),
  };
}

/** A shared file whose value stands in for it when it cannot be understood, so that everything else is still checked. */
function read<T>(
  files: ReadonlyMap<string, string>,
  file: string,
  schema: z.ZodType<T>,
  empty: T,
): YamlFile<T> & { readonly value: T } {
  const content = files.get(file);
  const yaml = readYaml(file, content ?? "", schema, { whenEmpty: empty });
  const missing: Finding = {
    file,
    line: 1,
    rule: "format",
    message: `The file ${file} is missing. Create it; it may be empty while nothing belongs in it.`,
    severity: "error",
  };
  return { ...yaml, value: yaml.value ?? empty, findings: content === undefined ? [missing] : yaml.findings };
}
