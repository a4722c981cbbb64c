/** Bytes that are put together. */
export interface ByteBuffer {
  /** Adds a copy of the bytes. */
  add(bytes: Uint8Array): void;
  sizeBytes(): number;
  /** Gives what was added and begins anew. What it gives is not written to again. */
  take(): Buffer;
}

const leastRoom = 4096;

/** Makes a buffer whose memory follows its size, however small the pieces are: each chunk of a stream costs hundreds of bytes. */
export function createByteBuffer(): ByteBuffer {
  let room = Buffer.alloc(0);
  let length = 0;

  return {
    add(bytes) {
      const needed = length + bytes.byteLength;
      if (needed > room.length) {
        const next = Buffer.allocUnsafe(Math.max(needed, 2 * room.length, leastRoom));
        room.copy(next, 0, 0, length);
        room = next;
      }
      room.set(bytes, length);
      length = needed;
    },
    sizeBytes: () => length,
    take() {
      const taken = room.subarray(0, length);
      room = Buffer.alloc(0);
      length = 0;
      return taken;
    },
  };
}
