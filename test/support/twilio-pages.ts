/** The page of a list that a request asks for, with the addresses of the pages beside it. */
function cut<T>(records: readonly T[], url: URL) {
  const size = Number(url.searchParams.get("PageSize") ?? 50);
  const page = Number(url.searchParams.get("Page") ?? 0);
  const uriOf = (number: number) => {
    const query = new URLSearchParams(url.searchParams);
    query.set("PageSize", String(size));
    query.set("Page", String(number));
    return `${url.pathname}?${query}`;
  };
  const start = page * size;
  const shown = records.slice(start, start + size);
  const next = records.length > start + size ? uriOf(page + 1) : null;
  return { size, page, start, shown, first: uriOf(0), next, previous: page > 0 ? uriOf(page - 1) : null };
}

/** A list as API 2010-04-01 answers it (`ListMessageResponse` and the like in the description); `show` makes a resource. */
export function pageOf<T>(key: string, records: readonly T[], url: URL, show: (record: T) => unknown): object {
  const { size, page, start, shown, first, next, previous } = cut(records, url);
  const end = start + Math.max(0, shown.length - 1);
  return {
    [key]: shown.map(show),
    ...{ page, page_size: size, start, end, uri: `${url.pathname}${url.search}` },
    ...{ first_page_uri: first, next_page_uri: next, previous_page_uri: previous },
  };
}

/** A list as the newer APIs answer it (`ListContentResponse` and the like): the addresses are whole ones. */
export function metaPageOf(key: string, records: readonly object[], url: URL): object {
  const { size, page, shown, first, next, previous } = cut(records, url);
  const whole = (uri: string | null) => (uri === null ? null : `${url.origin}${uri}`);
  return {
    [key]: shown,
    meta: {
      ...{ key, page, page_size: size, url: `${url.origin}${url.pathname}${url.search}` },
      ...{ first_page_url: whole(first), next_page_url: whole(next), previous_page_url: whole(previous) },
    },
  };
}
