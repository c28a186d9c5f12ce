/** Where in Slack a conversation is held. As text it is the `thread` of a message and of the answer to it. */
export interface Where {
  readonly channel: string;
  readonly threadTs?: string;
  /** The answer is for the one who asked alone: the question told something about a person. */
  readonly privately: boolean;
}

export function threadOf({ channel, threadTs, privately }: Where): string {
  return [channel, threadTs ?? "", ...(privately ? ["private"] : [])].join("/");
}

export function whereOf(thread: string): Where {
  const [channel = "", threadTs = "", how] = thread.split("/");
  return { channel, ...(threadTs !== "" && { threadTs }), privately: how === "private" };
}

/** A conversation between one person and the app: Slack's ids of those begin with D. */
export function isDirect(channel: string): boolean {
  return channel.startsWith("D");
}
