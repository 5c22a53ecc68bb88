// Data of the page: Base64 of deflated parts. Each part stands behind its length and the width of its numbers.

const PIECE = 1 << 18;

function canUnpack() {
  return typeof DecompressionStream === "function";
}

function decoded(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let n = 0; n < raw.length; n += 1) bytes[n] = raw.charCodeAt(n);
  return bytes;
}

// Piece by piece, so that the page stays alive meanwhile.
async function unpacked(id) {
  const place = document.getElementById(id);
  const text = place.textContent.trim();
  place.remove();
  let at = 0;
  const pieces = new ReadableStream({
    async pull(queue) {
      await pause();
      queue.enqueue(decoded(text.slice(at, at + PIECE)));
      at += PIECE;
      if (at >= text.length) queue.close();
    },
  });
  const whole = pieces.pipeThrough(new DecompressionStream("deflate"));
  return new Parts(await new Response(whole).arrayBuffer());
}

class Parts {
  constructor(buffer) {
    this.buffer = buffer;
    this.places = [];
    const view = new DataView(buffer);
    for (let at = 0; at < buffer.byteLength;) {
      const length = view.getUint32(at, true);
      this.places.push({ at: at + 8, length, width: view.getUint32(at + 4, true) });
      at += 8 + length + (-length & 3);
    }
    this.head = this.words(this.places.length - 1);
  }

  words(part) {
    const { at, length } = this.places[part];
    return JSON.parse(new TextDecoder().decode(new Uint8Array(this.buffer, at, length)));
  }

  numbers(part) {
    const { at, length, width } = this.places[part];
    const sort = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width];
    return new sort(this.buffer, at, length / width);
  }
}

// Values of which each is the number of a word; the words stand in the order in which they sort.
class Packed {
  constructor(parts, at) {
    this.parts = parts;
    this.at = at;
    this.count = at.count;
    this.longest = at.longest;
    this.unread = new Set(at.unread);
    this.numbers = parts.numbers(at.numbers);
  }

  // The words are read when they are first needed: most are only ever shown for one user.
  get words() {
    this.kept ??= this.parts.words(this.at.words);
    return this.kept;
  }

  get lower() {
    this.folded ??= this.words.map((word) => word.toLowerCase());
    return this.folded;
  }

  word(row) {
    return this.words[this.numbers[row]];
  }

  isUnread(row) {
    return this.unread.has(this.numbers[row]);
  }
}

// The same for words that the page itself puts together; they are sorted here, unless they come in their order.
function packedHere(words, numbers, inOrder) {
  const order = words.map((_, n) => n);
  if (!inOrder) order.sort((a, b) => (words[a] < words[b] ? -1 : 1));
  const places = new Uint32Array(words.length);
  order.forEach((n, place) => { places[n] = place; });
  const made = Object.create(Packed.prototype);
  return Object.assign(made, {
    kept: order.map((n) => words[n]),
    count: words.length,
    longest: Math.max(0, ...words.map((word) => Math.min(word.length, 60))),
    unread: new Set(),
    numbers: inOrder ? numbers : numbers.map((n) => places[n]),
  });
}
