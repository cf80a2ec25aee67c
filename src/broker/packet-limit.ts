/** The largest packet an agent needs: a batch of records. A frame limit is not a packet limit: packets span frames. */
export const MAX_PACKET_BYTES = 256 * 1024;

/** The largest fixed header: one type byte and four length bytes [MQTT-2.2.3]. */
const MAX_LENGTH_BYTES = 4;

/**
 * Watches an MQTT byte stream go by and says when a packet announces more than it may hold, so that nobody can make
 * the broker collect an endless packet. Knows the fixed header only; everything else is the parser's business.
 */
export class PacketLimit {
  readonly #maxBytes: number;
  #bodyBytesLeft = 0;
  /** Undefined between packets, else how far the remaining-length field has been read. */
  #header: { lengthBytes: number; bodyBytes: number } | undefined;

  constructor(maxBytes: number = MAX_PACKET_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next bytes; false once a packet is too large or its length field is not one. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyBytesLeft > 0) {
        const skipped = Math.min(this.#bodyBytesLeft, chunk.length - at);
        this.#bodyBytesLeft -= skipped;
        at += skipped;
      } else if (!this.#takeHeaderByte(chunk[at++] ?? 0)) {
        return false;
      }
    }
    return true;
  }

  #takeHeaderByte(byte: number): boolean {
    if (this.#header === undefined) {
      this.#header = { lengthBytes: 0, bodyBytes: 0 };
      return true;
    }
    const { lengthBytes, bodyBytes } = this.#header;
    const total = bodyBytes + (byte & 0x7f) * 128 ** lengthBytes;
    const more = (byte & 0x80) !== 0;
    if (total > this.#maxBytes || (more && lengthBytes + 1 >= MAX_LENGTH_BYTES)) return false;
    if (more) {
      this.#header = { lengthBytes: lengthBytes + 1, bodyBytes: total };
    } else {
      this.#header = undefined;
      this.#bodyBytesLeft = total;
    }
    return true;
  }
}
