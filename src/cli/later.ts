type Arguments<Work> = Work extends (...args: infer Args) => unknown ? Args : never;

/** A command's work, whose module is loaded when the command is run: no command waits for what only others need. */
export function later<Module, Name extends keyof Module>(load: () => Promise<Module>, name: Name) {
  return async (...args: Arguments<Module[Name]>): Promise<void> => {
    const work: unknown = (await load())[name];
    if (typeof work === "function") await work(...args);
  };
}
