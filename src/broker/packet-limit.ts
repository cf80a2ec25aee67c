/** The largest PUBLISH an agent needs: a batch of records. A frame limit is not a packet limit: packets span frames. */
export const MAX_PACKET_BYTES = 256 * 1024;
/** The largest packet of any other kind: CONNECT with its will, or SUBSCRIBE with all the filters one may have. */
const MAX_OTHER_BYTES = 16 * 1024;
/** A packet costs as much as one more for each so many bytes: there are records in a PUBLISH, and any other may hold a filter in every four. */
const BYTES_OF_COST = { publish: 16 * 1024, other: 64 } as const;

/** The largest fixed header: one type byte and four length bytes [MQTT-2.2.3]. */
const MAX_LENGTH_BYTES = 4;
/** The types of packets that are told apart here: the upper half of the first byte [MQTT-2.2.1]. */
const CONNECT = 1;
const PUBLISH = 3;

/**
 * Watches an MQTT byte stream go by, counts its packets, and says when one announces more than it may hold, so that
 * nobody can make the broker collect an endless packet. Knows the fixed header only; everything else is the parser's
 * business.
 */
export class PacketLimit {
  readonly #maxBytes: number;
  #bodyBytesLeft = 0;
  /** Undefined before the first packet. */
  #type: number | undefined;
  /** Undefined between packets, else how far the remaining-length field has been read. */
  #header: { lengthBytes: number; bodyBytes: number } | undefined;
  #packets = 0;

  /** `maxBytes` is for PUBLISH. */
  constructor(maxBytes: number = MAX_PACKET_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** How many packets have begun since the last time; a large one counts as several. */
  takeCount(): number {
    const packets = this.#packets;
    this.#packets = 0;
    return packets;
  }

  /** Takes the next bytes; false once a packet is too large, its length field is not one, or the first is no CONNECT [MQTT-3.1.0-1]. */
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
      const type = byte >> 4;
      if (this.#type === undefined && type !== CONNECT) return false;
      this.#type = type;
      this.#header = { lengthBytes: 0, bodyBytes: 0 };
      return true;
    }
    const { lengthBytes, bodyBytes } = this.#header;
    const total = bodyBytes + (byte & 0x7f) * 128 ** lengthBytes;
    const more = (byte & 0x80) !== 0;
    const kind = this.#type === PUBLISH ? 'publish' : 'other';
    const maxBytes = kind === 'publish' ? this.#maxBytes : MAX_OTHER_BYTES;
    if (total > maxBytes || (more && lengthBytes + 1 >= MAX_LENGTH_BYTES)) return false;
    if (more) {
      this.#header = { lengthBytes: lengthBytes + 1, bodyBytes: total };
    } else {
      this.#header = undefined;
      this.#bodyBytesLeft = total;
      this.#packets += 1 + Math.floor(total / BYTES_OF_COST[kind]);
    }
    return true;
  }
}
