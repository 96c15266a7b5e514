import { useEffect, useState } from "preact/hooks";

/** Where one is: what stands behind the `#`. */
export interface Route {
  /** Such as tasks and a push id. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

const routeOf = (hash: string): Route => {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { segments: path.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(query) };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** A link into the page. */
export const hrefOf = (segments: readonly string[], query: Readonly<Record<string, string>> = {}): string => {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${segments.map(encodeURIComponent).join("/")}${given === "" ? "" : `?${given}`}`;
};

/** Where one is now. */
export const useRoute = (): Route => {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return routeOf(hash);
};

/** Goes there without a step for the back button, as for each letter of a search. */
export const goInstead = (href: string): void => location.replace(href);

/** Goes there. */
export const goTo = (href: string): void => {
  location.hash = href;
};
