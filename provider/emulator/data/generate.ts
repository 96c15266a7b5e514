import { androidApp, type GeneratedFleet, iosApp } from "../fleet.ts";
import type { Database } from "./database.ts";

/** Phones of every kind, in a proportion that is easy to read. */
const defaultMix: NonNullable<GeneratedFleet["mix"]> = { xg: 3, hw: 2, xm: 2, oppo: 1, vivo: 1, apns: 3 };
const defaultOffline = 0.1;

const provinces = ["guangdong", "hunan", "sichuan", "beijing", "shanghai"];

const prime = 2_147_483_647;

/** A number from 0 to 999 that looks random and is the same each time. Squares keep the purposes apart, and fit 63 bits. */
const chance = (purpose: number): string => {
  const first = `((i * 48271 + ${purpose * 1_000_003}) % ${prime})`;
  const second = `((${first} * ${first} + ${purpose * 7_919}) % ${prime})`;
  return `((${second} * ${second}) % ${prime} / 1024 % 1000)`;
};

/**
 * Makes `phone-1` to `phone-N`, each with an account `user-N`, the tag of a province, every second one with the tag
 * `sale`, every tenth with `vip`.
 */
export function generate(
  database: Database,
  { count, mix = defaultMix, offline = defaultOffline }: GeneratedFleet,
): void {
  const total = Object.values(mix).reduce((sum, weight) => sum + weight, 0);
  let weights = 0;
  const bounds = Object.entries(mix).map(([channel, weight]) => {
    weights += weight;
    return { channel, upTo: Math.round((weights / total) * 1_000) };
  });
  const numbers = "with recursive number (i) as (select 1 union all select i + 1 from number where i < :count)";
  database.run(
    `insert into phone (id, app, name, token, system, channel, emui, environment, online, connected, otherPackage)
     ${numbers}, chosen as (
       select i, (select value ->> 'channel' from json_each(:bounds) where ${chance(1)} < value ->> 'upTo' limit 1) as channel
       from number
     )
     select i, case channel when 'apns' then :ios else :android end, 'phone-' || i, printf('%036d', i),
       case channel when 'apns' then 'ios' else 'android' end, channel, 9 + i % 4, 'product', ${chance(2)} >= :offline, 0, 0
     from chosen`,
    {
      count,
      bounds: JSON.stringify(bounds),
      offline: offline * 1_000,
      android: androidApp.accessId,
      ios: iosApp.accessId,
    },
  );
  database.run(
    `insert into tag (phone, tag) ${numbers}
     select i, tag from (
       select i, 'xg_auto_province:' || (:provinces ->> (i % ${provinces.length})) as tag from number
       union all select i, 'sale' from number where ${chance(3)} < 500
       union all select i, 'vip' from number where ${chance(4)} < 100
     ) order by i, tag`,
    { count, provinces: JSON.stringify(provinces) },
  );
  database.run(
    "insert into account (app, account, phone, type) select app, 'user-' || id, id, 0 from phone where id <= :count",
    { count },
  );
}
