import type { ServerResponse } from "node:http";
import type { World } from "./world.ts";

/** What goes out: a status, a text, and what the log says of it. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly retCode?: number;
  /** Why it is refused. */
  readonly errMsg?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = (status: number, body: unknown, retCode?: number): Reply => ({
  status,
  contentType: "application/json; charset=utf-8",
  text: JSON.stringify(body),
  ...(retCode === undefined ? {} : { retCode }),
});

/** Every answer tells the service's time and its pace. */
export const send = (world: World, response: ServerResponse, reply: Reply, closes = false): void => {
  writeHead(world, response, reply, closes);
  response.end(reply.text);
};

/** Closes the connection in the middle of the answer. */
export const sendHalf = (world: World, response: ServerResponse, reply: Reply): void => {
  writeHead(world, response, reply, true);
  const bytes = Buffer.from(reply.text);
  response.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => response.destroy());
};

const writeHead = ({ clock }: World, response: ServerResponse, reply: Reply, closes: boolean): void => {
  response.writeHead(reply.status, {
    "Content-Type": reply.contentType,
    "Content-Length": Buffer.byteLength(reply.text),
    Date: clock.now().toUTCString(),
    "X-Emulator-Pace": String(clock.pace),
    ...reply.headers,
    ...(closes ? { Connection: "close" } : {}),
  });
};
