import { useEffect, useRef } from "preact/hooks";
import { Clock } from "./clock.tsx";
import { usePulse } from "./live.ts";
import { PhonesView, PhoneView } from "./phones.tsx";
import { RequestsView } from "./requests.tsx";
import { hrefOf, type Route, useRoute } from "./route.ts";
import { SwitchesView } from "./switches.tsx";
import { TaskView } from "./task.tsx";
import { TasksView } from "./tasks.tsx";

const views = [
  ["tasks", "Tasks"],
  ["phones", "Phones"],
  ["requests", "Requests"],
  ["switches", "Switches"],
] as const;

/** The whole page. */
export function App() {
  const route = useRoute();
  const [view = "tasks", item] = route.segments;
  const main = useRef<HTMLElement>(null);
  const place = `${view}/${item ?? ""}`;
  useTitleAndFocus(main.current, place);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header>
        <div class="bar">
          <a class="brand" href="#/tasks">
            <img src="/page/icon.svg" alt="" width="24" height="24" />
            TPNS emulator
          </a>
          <nav aria-label="Views">
            {views.map(([name, words]) => (
              <a key={name} href={hrefOf([name])} aria-current={name === view ? "page" : undefined}>
                {words}
              </a>
            ))}
          </nav>
          <Connection />
        </div>
        <Clock />
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        <View key={place} route={route} />
      </main>
    </>
  );
}

function View({ route }: { readonly route: Route }) {
  const [view = "tasks", item] = route.segments;
  switch (view) {
    case "tasks":
      return item === undefined ? <TasksView query={route.query} /> : <TaskView pushId={item} />;
    case "phones":
      return item === undefined ? <PhonesView query={route.query} /> : <PhoneView name={item} />;
    case "requests":
      return <RequestsView query={route.query} />;
    case "switches":
      return <SwitchesView />;
    default:
      return (
        <>
          <h1>There is no such view</h1>
          <p>
            See the <a href="#/tasks">tasks</a>.
          </p>
        </>
      );
  }
}

function Connection() {
  const { connected } = usePulse();
  return (
    <p class={`connection ${connected ? "good" : "bad"}`} role="status">
      {connected ? "Live" : "The emulator does not answer; trying again"}
    </p>
  );
}

const titleOf = (place: string): string => {
  const [view = "", item = ""] = place.split("/");
  const words = views.find(([name]) => name === view)?.[1] ?? "Nothing here";
  return item === "" ? words : `${item}, ${words}`;
};

/** A new view begins at its top, also for those who do not see it. */
const useTitleAndFocus = (main: HTMLElement | null, place: string): void => {
  const before = useRef(place);
  useEffect(() => {
    document.title = `${titleOf(place)} · TPNS emulator`;
    if (before.current === place) return;
    before.current = place;
    scrollTo(0, 0);
    main?.focus({ preventScroll: true });
  }, [place]);
};
