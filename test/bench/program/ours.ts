import { env } from "node:process";
import * as tpns from "pulumi-tpns";

const count = Number(env.BENCH_COUNT);

const shop = new tpns.Provider("shop", {
  accessId: "1500001234",
  platform: "android",
  accessPoint: String(env.BENCH_URL),
  secretKeyEnv: "BENCH_KEY",
  maxPushesPerRun: count + 1,
});

for (let number = 0; number < count; number += 1) {
  const content = number === 0 ? String(env.BENCH_FIRST) : "20 % off today";
  new tpns.PushTask(
    `task-${number}`,
    {
      audience: { type: "all" },
      sendTime: String(env.BENCH_SEND_TIME),
      message: { title: `Sale ${number}`, content },
    },
    { provider: shop },
  );
}
