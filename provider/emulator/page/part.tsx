import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { PushStatus } from "../../tpns/schema/status.ts";
import { change, reasonOf } from "./api.ts";
import { counted, grouped, statuses } from "./format.ts";

/** A status in words; its colour says nothing that they do not. */
export function Badge({ look, children }: { readonly look: string; readonly children: ComponentChildren }) {
  return <span class={`badge ${look}`}>{children}</span>;
}

/** Where a task stands. */
export function Status({ status }: { readonly status: PushStatus }) {
  const { words, look } = statuses[status];
  return (
    <span class="status" title={status}>
      <Badge look={look}>{words}</Badge>
    </span>
  );
}

/** `yyyy-MM-dd HH:mm:ss`, which breaks between day and time alone. */
export function Moment({ text }: { readonly text: string }) {
  const [date, time] = text.split(" ");
  return (
    <time dateTime={`${date}T${time}+08:00`}>
      <span>{date}</span> <span>{time}</span>
    </time>
  );
}

/** Tasks, phones or requests a page. */
export const pageLength = 25;

interface PagerProps {
  readonly count: number;
  readonly offset: number;
  /** One of them. */
  readonly what: string;
  readonly onGo: (offset: number) => void;
}

/** Leads through a long list. */
export function Pager({ count, offset, what, onGo }: PagerProps) {
  const last = Math.max(0, Math.ceil(count / pageLength) - 1) * pageLength;
  const until = Math.min(offset + pageLength, count);
  return (
    <nav class="pager" aria-label={`Pages of ${what}s`}>
      <span aria-live="polite">
        {count === 0 ? `No ${what}s` : `${grouped(offset + 1)}–${grouped(until)} of ${counted(count, what)}`}
      </span>
      <span class="buttons">
        <button type="button" disabled={offset === 0} onClick={() => onGo(0)}>
          First
        </button>
        <button type="button" disabled={offset === 0} onClick={() => onGo(Math.max(0, offset - pageLength))}>
          Previous
        </button>
        <button type="button" disabled={offset >= last} onClick={() => onGo(offset + pageLength)}>
          Next
        </button>
        <button type="button" disabled={offset >= last} onClick={() => onGo(last)}>
          Last
        </button>
      </span>
    </nav>
  );
}

/** A refusal, said at once. */
export function Refusal({ children }: { readonly children: string | undefined }) {
  return (
    <p class="refusal" role="alert" hidden={children === undefined}>
      {children}
    </p>
  );
}

/** Does something, and keeps the emulator's refusal until it is done again. */
export const useDoing = () => {
  const [refusal, setRefusal] = useState<string>();
  const doing = async (work: () => Promise<unknown>): Promise<boolean> => {
    setRefusal(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setRefusal(reasonOf(error));
      return false;
    }
  };
  return { refusal, doing };
};

/** The same, for one path of the control API. */
export const useChange = (path: string) => {
  const { refusal, doing } = useDoing();
  return { refusal, send: (body: object) => doing(() => change(path, body)) };
};

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

/** Long enough that a word is one question. */
const typingMs = 200;

/** A text as it is once one has stopped typing. */
export const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
};

/** A field whose text is searched for once one stops typing. */
export function Search({ label, value, onSearch }: SearchProps) {
  const [text, setText] = useState(value);
  const id = useId();
  const searched = useRef(value);
  useEffect(() => {
    // What one types while the answer comes stays; a link or the back button brings another text.
    if (value !== searched.current) setText(value);
    searched.current = value;
  }, [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => {
      searched.current = text;
      onSearch(text);
    }, typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="field grows">
      <label for={id}>{label}</label>
      <input id={id} type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** Values and their words. */
  readonly options: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}

/** One of a few values. */
export function Choice({ label, value, options, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** What it asks; it gets what closes it. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** Asks something; the browser keeps the focus in it, and gives it back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => ref.current?.showModal(), []);
  return (
    <dialog ref={ref} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children(() => ref.current?.close())}
    </dialog>
  );
}
