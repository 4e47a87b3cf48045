import { crc32, inflateRawSync } from 'node:zlib';
import { hasCode } from '../../kernel';
import { SheetError } from '../domain/sheet';
import { MAX_UNPACKED_BYTES, MAX_ZIP_ENTRIES } from './limits';

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: Uint8Array;
  readonly size: number;
}

const END = { signature: 0x06054b50, length: 22 };
const CENTRAL = { signature: 0x02014b50, length: 46 };
const LOCAL = { signature: 0x04034b50, length: 30 };
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x2041; // encrypted, strongly, with its directory masked
const HAS_DESCRIPTOR = 0x8;
/** Bytes behind an entry whose sizes were not known before it was written: with or without a signature, small or large. */
const DESCRIPTORS = [12, 16, 20, 24];
/** Old Excel, and every Office file under a password. */
const COMPOUND_FILE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/**
 * The parts of a zip file by what its central directory says, where every byte of the file has its place: nothing before,
 * between or behind the entries, no two of one name. What is unpacked is counted then, and held against its checksum.
 */
export class ZipFile {
  readonly #entries = new Map<string, Entry>();
  #unpacked = 0;

  /** @throws SheetError when it is no such file */
  constructor(bytes: Uint8Array) {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (file.subarray(0, COMPOUND_FILE.length).equals(COMPOUND_FILE))
      throw new SheetError(
        '',
        'o arquivo é de um Excel antigo (.xls) ou tem senha: salve-o como .xlsx, sem senha',
      );
    try {
      this.#read(file);
    } catch (error) {
      throw (error as Error).name === 'RangeError' ? noWorkbook() : error; // it ended too soon
    }
  }

  /** Names are compared without case, as the rules of Office files have it. */
  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** @throws SheetError when there is no such part, or it is damaged or too large */
  part(name: string): Uint8Array {
    const entry = this.#entries.get(name.toLowerCase());
    if (entry === undefined) throw new SheetError('', `falta à planilha a parte ${name}`);
    const content = entry.method === STORED ? entry.packed : this.#inflated(entry);
    this.#unpacked += content.length;
    if (this.#unpacked > MAX_UNPACKED_BYTES) throw tooLarge();
    if (content.length !== entry.size || crc32(content) !== entry.crc) throw damaged(name);
    return content;
  }

  #inflated({ name, packed }: Entry): Uint8Array {
    const room = MAX_UNPACKED_BYTES - this.#unpacked;
    if (room <= 0) throw tooLarge();
    try {
      const { buffer, engine } = inflateRawSync(packed, {
        maxOutputLength: room,
        info: true,
      }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
      if (engine.bytesWritten === packed.length) return buffer;
    } catch (error) {
      if (hasCode(error, 'ERR_BUFFER_TOO_LARGE')) throw tooLarge();
    }
    throw damaged(name);
  }

  #read(file: Buffer): void {
    const end = file.length - END.length;
    if (file.readUInt32LE(end) !== END.signature) throw noWorkbook();
    const count = file.readUInt16LE(end + 10);
    const start = file.readUInt32LE(end + 16);
    const isWhole =
      file.readUInt32LE(end + 4) === 0 && // one disk
      file.readUInt16LE(end + 8) === count &&
      start + file.readUInt32LE(end + 12) === end &&
      file.readUInt16LE(end + 20) === 0; // no comment
    if (!isWhole) throw noWorkbook();
    if (count > MAX_ZIP_ENTRIES) throw new SheetError('', 'a planilha tem partes demais');
    const places: Place[] = [];
    let at = start;
    for (let left = count; left > 0; left -= 1) {
      const { entry, length, place } = readEntry(file, at);
      const key = entry.name.toLowerCase();
      if (this.#entries.has(key)) throw new SheetError('', `a planilha tem duas partes ${entry.name}`);
      this.#entries.set(key, entry);
      places.push(place);
      at += length;
    }
    if (at !== end || !isCovered(places, start)) throw noWorkbook();
  }
}

/** The bytes of an entry with the header before it. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly hasDescriptor: boolean;
}

function readEntry(file: Buffer, at: number): { entry: Entry; length: number; place: Place } {
  const nameLength = file.readUInt16LE(at + 28);
  const length = CENTRAL.length + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  const flags = file.readUInt16LE(at + 8);
  const method = file.readUInt16LE(at + 10);
  const packedLength = file.readUInt32LE(at + 20);
  const from = file.readUInt32LE(at + 42);
  if (file.readUInt32LE(at) !== CENTRAL.signature || file.readUInt32LE(from) !== LOCAL.signature)
    throw noWorkbook();
  const rawName = file.subarray(at + CENTRAL.length, at + CENTRAL.length + nameLength);
  const localName = file.subarray(from + LOCAL.length, from + LOCAL.length + file.readUInt16LE(from + 26));
  const isOne = localName.equals(rawName) && file.readUInt16LE(from + 8) === method;
  if (!isOne || (method !== STORED && method !== DEFLATED)) throw noWorkbook();
  if ((flags & ENCRYPTED) !== 0) throw new SheetError('', 'a planilha tem senha: salve-a sem senha');
  const begin = from + LOCAL.length + localName.length + file.readUInt16LE(from + 28);
  const to = begin + packedLength;
  if (to > file.length) throw noWorkbook();
  const packed = file.subarray(begin, to);
  const [crc, size] = [file.readUInt32LE(at + 16), file.readUInt32LE(at + 24)];
  const entry = { name: rawName.toString('utf8'), method, crc, packed, size };
  return { entry, length, place: { from, to, hasDescriptor: (flags & HAS_DESCRIPTOR) !== 0 } };
}

/** Whether the entries lie side by side from the first byte to the central directory. */
function isCovered(places: readonly Place[], end: number): boolean {
  const inOrder = places.toSorted((a, b) => a.from - b.from);
  return inOrder.every(({ from, to, hasDescriptor }, at) => {
    const gap = (inOrder[at + 1]?.from ?? end) - to;
    return (at > 0 || from === 0) && (gap === 0 || (hasDescriptor && DESCRIPTORS.includes(gap)));
  });
}

const noWorkbook = (): SheetError => new SheetError('', 'o arquivo não é uma planilha XLSX');
const tooLarge = (): SheetError => new SheetError('', 'a planilha é grande demais');
const damaged = (name: string): SheetError =>
  new SheetError('', `a planilha está danificada: a parte ${name} não confere`);
