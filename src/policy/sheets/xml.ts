import { SaxesParser } from 'saxes';
import { encodingOf } from '../domain/csv';
import { SheetError } from '../domain/sheet';
import { MAX_XML_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_TEXT } from './limits';

/** Attributes by their names: those of relationships begin with `r:`. */
export type Attributes = ReadonlyMap<string, string>;

/** What a part is read by. A path is that of the element from the root, as in `worksheet/sheetData/row`. */
export interface XmlReader {
  open?(path: string, attributes: Attributes): void;
  text?(path: string, text: string): void;
  close?(path: string): void;
}

const PIECE = 64 * 1024;
/** Office writes the first of each pair, and the second when asked for "Strict Open XML". */
const NAMESPACES = new Map([
  ['http://schemas.openxmlformats.org/spreadsheetml/2006/main', ''],
  ['http://purl.oclc.org/ooxml/spreadsheetml/main', ''],
  ['http://schemas.openxmlformats.org/package/2006/relationships', ''],
  ['http://schemas.openxmlformats.org/officeDocument/2006/relationships', 'r:'],
  ['http://purl.oclc.org/ooxml/officeDocument/relationships', 'r:'],
]);

/**
 * Reads one part of a workbook: well-formed XML with namespaces and without a DOCTYPE, in UTF-8 or, with its mark, UTF-16.
 * @throws SheetError when it is not, or larger in any way than a sheet can be
 */
export function readXml(part: string, bytes: Uint8Array, reader: XmlReader): void {
  const refuse = (why: string): never => {
    throw new SheetError('', `a parte ${part} da planilha ${why}`);
  };
  const encoding = encodingOf(bytes);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const parser = new SaxesParser({ xmlns: true, position: false });
  let quiet = 0;
  const watch = new Watch(reader, refuse, () => (quiet = 0));
  watch.over(parser);
  parser.on('xmldecl', ({ encoding: said }) => {
    const [expected] = encoding.split(/(?=le|be)/);
    if (said !== undefined && said.toLowerCase() !== expected) refuse(`diz que está em ${said.slice(0, 20)}`);
  });
  try {
    for (let from = 0; from < bytes.length; from += PIECE) {
      const text = decoder.decode(bytes.subarray(from, from + PIECE), { stream: true });
      parser.write(text);
      quiet += text.length;
      if (quiet > MAX_XML_TEXT) refuse('tem um texto longo demais');
    }
    parser.write(decoder.decode()).close();
  } catch (error) {
    if (error instanceof SheetError) throw error;
    refuse('não é XML bem formado');
  }
}

/** Tells the reader what the parser finds, within limits. */
class Watch {
  readonly #paths: string[] = [];
  #attributes = 0;

  constructor(
    private readonly reader: XmlReader,
    private readonly refuse: (why: string) => never,
    private readonly heard: () => void,
  ) {}

  over(parser: SaxesParser<{ xmlns: true }>): void {
    parser.on('doctype', () => this.refuse('tem um DOCTYPE'));
    parser.on('comment', this.heard);
    parser.on('processinginstruction', this.heard);
    parser.on('opentagstart', () => {
      this.heard();
      this.#attributes = 0;
      if (this.#paths.length >= MAX_XML_DEPTH) this.refuse('tem elementos dentro de elementos demais');
    });
    parser.on('attribute', () => {
      this.heard();
      this.#attributes += 1;
      if (this.#attributes > MAX_XML_ATTRIBUTES) this.refuse('tem um elemento com atributos demais');
    });
    parser.on('opentag', ({ uri, local, attributes }) => {
      const name = nameIn(uri, local);
      const path = this.#paths.length === 0 ? name : `${this.#path}/${name}`;
      this.#paths.push(path);
      this.reader.open?.(
        path,
        new Map(Object.values(attributes).map((one) => [nameIn(one.uri, one.local), one.value])),
      );
    });
    const text = (piece: string): void => {
      this.heard();
      if (this.#paths.length > 0) this.reader.text?.(this.#path, piece);
    };
    parser.on('text', text);
    parser.on('cdata', text);
    parser.on('closetag', () => {
      this.heard();
      this.reader.close?.(this.#path);
      this.#paths.pop();
    });
  }

  get #path(): string {
    return this.#paths.at(-1) ?? '';
  }
}

function nameIn(uri: string, local: string): string {
  return uri === '' ? local : `${NAMESPACES.get(uri) ?? `{${uri}}`}${local}`;
}
