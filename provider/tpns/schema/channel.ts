/** The channels that a push can travel: TPNS's own, then vendors'. */
export const channels = ["xg", "hw", "xm", "mz", "vivo", "oppo", "apns", "honor", "fcm"] as const;

/** Free of zod: users import this type, as `PushStatus`. */
export type Channel = (typeof channels)[number];
