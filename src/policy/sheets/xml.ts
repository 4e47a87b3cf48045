import { SaxesParser } from 'saxes';
import { encodingOf } from '../domain/csv';
import { SheetError } from '../domain/sheet';
import { MAX_XML_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_TEXT } from './limits';

/** Attributes by their names: those of relationships begin with `r:`. */
export type Attributes = ReadonlyMap<string, string>;

/** What there may be in an element; what is left out may be anything, for nothing is read of it. */
export interface Shape {
  /** Of no namespace of their own. */
  readonly attributes?: readonly string[];
  readonly children?: readonly string[];
}

/** What a part is read by. A path is that of the element from the root, as in `worksheet/sheetData/row`. */
export interface XmlReader {
  readonly root: string;
  /** By path. An element that is not here, inside one that may hold anything, is passed over. */
  readonly shapes: Readonly<Record<string, Shape>>;
  open?(path: string, attributes: Attributes): void;
  text?(path: string, text: string): void;
  close?(path: string): void;
  /** Of what is not of its shape; without it the part is refused. An element that holds others holds no text. */
  strange?(): never;
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
const NO_SHAPE: Shape = {};

/**
 * Reads one part of a workbook: well-formed XML with namespaces and without a DOCTYPE, in UTF-8 or, with its mark, UTF-16.
 * @throws SheetError when it is not, is of another shape, or larger in any way than a sheet can be
 */
export function readXml(part: string, bytes: Uint8Array, reader: XmlReader): void {
  const refuse = (why: string): never => {
    throw new SheetError('', `a parte ${part} da planilha ${why}`);
  };
  const encoding = encodingOf(bytes);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const parser = new SaxesParser({ xmlns: true, position: false });
  let quiet = 0;
  new Watch(reader, refuse, () => (quiet = 0)).over(parser);
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
  readonly #open: { readonly path: string; readonly shape: Shape }[] = [];
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
      if (this.#open.length >= MAX_XML_DEPTH) this.refuse('tem elementos dentro de elementos demais');
    });
    parser.on('attribute', () => {
      this.heard();
      this.#attributes += 1;
      if (this.#attributes > MAX_XML_ATTRIBUTES) this.refuse('tem um elemento com atributos demais');
    });
    parser.on('opentag', ({ uri, local, attributes }) => {
      const all = Object.values(attributes).filter(
        ({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns',
      );
      this.#enter(
        `${NAMESPACES.get(uri) ?? `{${uri}}`}${local}`,
        new Map(all.map((one) => [attributeName(one), one.value])),
      );
    });
    const text = (piece: string): void => {
      this.heard();
      const around = this.#open.at(-1);
      if (around === undefined) return;
      if ((around.shape.children?.length ?? 0) > 0 && piece.trim() !== '') this.#strange();
      this.reader.text?.(around.path, piece);
    };
    parser.on('text', text);
    parser.on('cdata', text);
    parser.on('closetag', () => {
      this.heard();
      this.reader.close?.(this.#path);
      this.#open.pop();
    });
  }

  #enter(name: string, attributes: Attributes): void {
    const around = this.#open.at(-1);
    if (around === undefined && name !== this.reader.root)
      this.refuse(`não é o que devia ser (${this.reader.root})`);
    const path = around === undefined ? name : `${around.path}/${name}`;
    const shape = this.reader.shapes[path] ?? NO_SHAPE;
    const isStrange =
      around?.shape.children?.includes(name) === false ||
      (shape.attributes !== undefined &&
        [...attributes.keys()].some((one) => !/[:{]/.test(one) && shape.attributes?.includes(one) === false));
    if (isStrange) this.#strange();
    this.#open.push({ path, shape });
    this.reader.open?.(path, attributes);
  }

  #strange(): never {
    this.reader.strange?.();
    return this.refuse('tem algo que não se sabe ler');
  }

  get #path(): string {
    return this.#open.at(-1)?.path ?? '';
  }
}

/** Whether an attribute that is true or false is true. */
export const isOn = (text: string | undefined): boolean => text === '1' || text === 'true';

/** Those without a namespace belong to their element. */
function attributeName({ uri, local }: { readonly uri: string; readonly local: string }): string {
  return uri === '' ? local : `${NAMESPACES.get(uri) ?? `{${uri}}`}${local}`;
}
