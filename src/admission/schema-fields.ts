/** Fields that return the schema itself: refused with `INTROSPECTION=off`, and open to anonymous callers. */
export const SCHEMA_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type', '_service', '_sdl'])
