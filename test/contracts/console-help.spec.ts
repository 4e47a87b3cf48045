import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import {
  AUTHORIZATION,
  DIRECT,
  ECONOMICS,
  EXPOSURE,
  LEARNING,
  LIMITS,
  OFFER_VALIDITY,
  PACING,
} from '../../console/src/pages/policy/settings';
import { HELP, helpOfSetting } from '../../console/src/words/help-words';

const PAGES = 'console/src/pages';
const PARTS = 'console/src/parts';
const INPUTS: readonly string[] = [
  'TextInput',
  'NumberInput',
  'PasswordInput',
  'Textarea',
  'Select',
  'MultiSelect',
  'TagsInput',
  'Checkbox',
  'Checkbox.Group',
  'Radio.Group',
  'Switch',
  'DatePickerInput',
  'DateTimePicker',
  'TextField',
  'PeriodInput',
  'Version',
  'Bound',
  'FeesInput',
  'ValueInput',
  'ValuesInput',
];

interface Input {
  readonly tag: string;
  readonly place: string;
  readonly attributes: ReadonlyMap<string, string>;
}

function inputsIn(file: string): readonly Input[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX);
  const found: Input[] = [];
  const visit = (node: ts.Node): void => {
    const isTag = ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node);
    if (isTag && INPUTS.includes(node.tagName.getText(source))) {
      const attributes = node.attributes.properties.flatMap((one): [string, string][] =>
        ts.isJsxAttribute(one) ? [[one.name.getText(source), one.initializer?.getText(source) ?? '']] : [],
      );
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({ tag: node.tagName.getText(source), place: `${file}:${String(line + 1)}`, attributes: new Map(attributes) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The forms that people fill: those of every page, and what several of them have in common. */
const SOURCES = [PAGES, PARTS].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.spec)\.tsx?$/.test(name))
    .map((name) => join(room, name)),
);
const FILES = SOURCES.filter((name) => name.endsWith('.tsx'));

describe('help of the forms', () => {
  it('stands beneath every field that has a name of its own', () => {
    const inputs = FILES.flatMap(inputsIn).filter(({ attributes }) => attributes.has('label'));
    // One box of a group says what it is by its name; the group has the help.
    const fields = inputs.filter(
      ({ tag, attributes }) => tag !== 'Checkbox' || !(attributes.get('label') ?? '').startsWith('{'),
    );
    expect(fields.length).toBeGreaterThan(110);
    const without = fields.filter(({ place, attributes }) => {
      const text = attributes.get('description') ?? attributes.get('help') ?? '';
      // A part hands on what its page says.
      const isHandedOn = place.startsWith(PARTS) && text === '{description}';
      return !isHandedOn && !/HELP[.[]|helpOfSetting\(|\{help\}/.test(text);
    });
    expect(without.map(({ place, attributes }) => `${place} ${attributes.get('label') ?? ''}`)).toEqual([]);
  });

  it('is known for every setting of a policy', () => {
    const settings = [
      ...LIMITS(['limits']),
      ...LIMITS(['products', 'fgts', 'limits'], 'fgts'),
      OFFER_VALIDITY,
      ...DIRECT,
      ...ECONOMICS,
      ...LEARNING,
      ...EXPOSURE,
      ...PACING,
      ...AUTHORIZATION,
    ];
    expect(settings.filter(({ path }) => helpOfSetting(path) === undefined)).toEqual([]);
  });

  it('has no text that nothing shows', () => {
    const source = SOURCES.map((file) => readFileSync(file, 'utf8')).join('\n');
    const texts = Object.entries(HELP).flatMap(([form, fields]) =>
      Object.keys(fields).map((field) => `HELP.${form}.${field}`),
    );
    const computed = /HELP\.(?:mail\.(?:host|sender|username)|payment\.\w+)$/;
    expect(texts.filter((text) => !source.includes(text) && !computed.test(text))).toEqual([]);
  });
});
