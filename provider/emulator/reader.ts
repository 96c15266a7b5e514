/**
 * A schema as its users see it. zod's own declarations do not compile in a CommonJS project as `pulumi new` makes it,
 * so what `pulumi-tpns/emulator` declares names none of them.
 */
export interface Reader<Value> {
  /** @throws with all that is wrong with the value. */
  parse(value: unknown): Value;
}
