import type { Arm } from "./arm.ts";
import type { LostAnswers } from "./result.ts";
import { startService } from "./service.ts";

const tasks = 10;

/** Pushes that the service takes without the caller learning of it. */
const lostAnswers = 2;

/** Who is told of a failure runs the same again; after so many times, no more. */
const maxRuns = 4;

/** What reaches phones where answers are lost, and each arm is run until it succeeds. */
export async function measureLostAnswers(arms: readonly Arm[]): Promise<readonly LostAnswers[]> {
  const found: LostAnswers[] = [];
  for (const arm of arms) found.push(await measure(arm));
  return found;
}

async function measure(arm: Arm): Promise<LostAnswers> {
  await using service = await startService("free", "engine");
  await using session = await arm.open(service, tasks);
  await service.loseAnswers(lostAnswers);
  await service.resume("up");
  let runs = 0;
  let succeeded = false;
  while (!succeeded && runs < maxRuns) {
    runs += 1;
    succeeded = await session.run("up").then(
      () => true,
      () => false,
    );
  }
  await service.pause();
  return { arm: arm.name, n: tasks, lostAnswers, runs, succeeded, ...(await service.deliver()) };
}
