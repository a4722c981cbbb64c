/** What is done with the lines of a text. */
export interface LineHandlers {
  /** A line, without its end. */
  line(line: string): void;
  /** A line that was too long; given are its first characters. */
  dropped(start: string): void;
}

/** Splits text that arrives in pieces into lines. */
export interface LineSplitter {
  write(text: string): void;
  /** Gives the last line, if it has no end. */
  end(): void;
}

const START = 256;

/** Makes a splitter that keeps no more than `longest` characters of a line that is not complete. */
export function createLineSplitter(longest: number, handlers: LineHandlers): LineSplitter {
  let pending = '';
  let isTooLong = false;

  function add(piece: string): void {
    if (isTooLong) return;
    if (pending.length + piece.length > longest) {
      isTooLong = true;
      pending = (pending.slice(0, START) + piece.slice(0, START)).slice(0, START);
    } else pending += piece;
  }

  function finish(): void {
    const line = pending;
    const wasTooLong = isTooLong;
    pending = '';
    isTooLong = false;
    if (wasTooLong) handlers.dropped(line);
    else handlers.line(line);
  }

  return {
    write(text) {
      let start = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        add(text.slice(start, end));
        finish();
        start = end + 1;
      }
      add(text.slice(start));
    },
    end() {
      if (pending !== '' || isTooLong) finish();
    },
  };
}
