import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createCalls, watchEngine } from "../provider/engine-watch.ts";

/** A server as the engine's gRPC one is. */
async function startEngine(port = 0) {
  const server: Http2Server = createServer();
  const sessions: ServerHttp2Session[] = [];
  server.on("session", (session) => sessions.push(session));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    address: `127.0.0.1:${address.port}`,
    sessions,
    watched: () => once(server, "session"),
    die() {
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

describe("the watch over the engine", () => {
  test("tells of its end", async () => {
    const engine = await startEngine();
    const gone = Promise.withResolvers<void>();
    const watched = engine.watched();
    watchEngine(engine.address, gone.resolve);
    await watched;

    engine.die();

    await gone.promise;
  });

  test("tells where nobody is there from the beginning", async () => {
    const engine = await startEngine();
    engine.die();
    const gone = Promise.withResolvers<void>();

    watchEngine(engine.address, gone.resolve);

    await gone.promise;
  });

  test("takes a connection that ends for no end, and opens another", async () => {
    const engine = await startEngine();
    const told: string[] = [];
    const gone = Promise.withResolvers<void>();
    const first = engine.watched();
    watchEngine(engine.address, () => {
      told.push("gone");
      gone.resolve();
    });
    await first;

    const second = engine.watched();
    for (const session of engine.sessions) session.close();
    await second;
    const toldThen = [...told];
    engine.die();
    await gone.promise;

    expect([engine.sessions.length, toldThen, told]).toEqual([2, [], ["gone"]]);
  });

  test("keeps no process alive, and prints nothing", async () => {
    const engine = await startEngine();
    const file = JSON.stringify(join(import.meta.dirname, "../provider/engine-watch.ts"));
    const program = `
      import { watchEngine } from ${file};
      watchEngine("${engine.address}", () => {});
      await new Promise((resolve) => setTimeout(resolve, 200));
    `;
    const watched = engine.watched();

    const { stdout, stderr } = await promisify(execFile)(execPath, ["--input-type=module", "--eval", program]);
    await watched;
    engine.die();

    expect([stdout, stderr]).toEqual(["", ""]);
  });
});

describe("the calls of a process", () => {
  const countedExits = () => {
    const exits: string[] = [];
    return { exits, calls: createCalls(() => exits.push("exit")) };
  };

  test("give what they give, and a process with an engine goes on", async () => {
    const { exits, calls } = countedExits();

    expect([await calls.run(() => 1), await calls.run(async () => 2), exits]).toEqual([1, 2, []]);
  });

  test("that are under way when the engine ends are the last, and the process ends once they are answered", async () => {
    const { exits, calls } = countedExits();
    const [one, other] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const first = calls.run(() => one.promise);
    const second = calls.run(() => other.promise);

    calls.endWithThem();
    const late = await calls.run(() => "done").catch(String);
    one.resolve("pushed");
    const given = await first;
    const exitsBefore = [...exits];
    other.reject(new Error("refused"));
    const failure = await second.catch(String);
    const exitsThen = [...exits];
    await expect.poll(() => exits[0]).toBe("exit");

    expect({ late, given, exitsBefore, failure, exitsThen }).toEqual({
      late: "Error: pulumi has ended before this call; nothing was done, run it again",
      given: "pushed",
      exitsBefore: [],
      failure: "Error: refused",
      exitsThen: [],
    });
  });

  test("that are none when the engine ends let the process end at once", () => {
    const { exits, calls } = countedExits();

    calls.endWithThem();

    expect(exits).toEqual(["exit"]);
  });
});
