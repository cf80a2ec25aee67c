/** version "-" trace-id "-" parent-id "-" flags, and what later versions may add (W3C Trace Context, 3.2.2). */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[\x21-\x7e]{1,64})?$/;
/** Version 00 ends with the flags. */
const TOO_LONG = /^00-.{53}/;

/** The caller's trace, to be carried with the command. One that is malformed is ignored, as the standard asks (3.2.2.5). */
export function parseTraceparent(header: string | undefined): string | null {
  const traceparent = header?.trim() ?? '';
  return TRACEPARENT.test(traceparent) && !TOO_LONG.test(traceparent) ? traceparent : null;
}
