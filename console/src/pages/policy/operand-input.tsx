import { Group, MultiSelect, SegmentedControl, Select, Stack, TagsInput } from '@mantine/core';
import type { Field } from './dictionary';
import { isList, type Operand, type PolicyList, type Range, type Scalar } from './document';
import { ValueInput } from './value-input';

interface Props {
  readonly field: Field;
  readonly shape: 'scalar' | 'range' | 'set';
  readonly value: Operand | undefined;
  readonly lists: readonly PolicyList[];
  readonly error: string | undefined;
  /** For whoever does not see what stands beside it. */
  readonly label?: string;
  readonly onChange: (value: Operand) => void;
}

/** What a field is compared with: one value, a range, or a set written out or named. */
export function OperandInput(props: Props) {
  if (props.shape === 'scalar') return <OneValue {...props} />;
  return props.shape === 'range' ? <RangeInput {...props} /> : <SetInput {...props} />;
}

const shownCodes = (field: Field) =>
  field.codes?.map(({ code, name, ended }) => ({
    value: code,
    label: `${code}${name === code ? '' : ` · ${name}`}${ended === null ? '' : ' (encerrado)'}`,
  }));

function OneValue({ field, value, error, label = 'Valor', onChange }: Props) {
  const codes = shownCodes(field);
  if (field.type === 'boolean')
    return (
      <SegmentedControl
        aria-label={label}
        data={[
          { value: 'true', label: 'sim' },
          { value: 'false', label: 'não' },
        ]}
        value={value === true ? 'true' : 'false'}
        onChange={(chosen) => {
          onChange(chosen === 'true');
        }}
      />
    );
  if (codes !== undefined)
    return (
      <Select
        aria-label={label}
        data={codes}
        searchable
        value={typeof value === 'string' ? value : null}
        error={error}
        onChange={(chosen) => {
          onChange(chosen ?? '');
        }}
      />
    );
  return (
    <ValueInput
      ariaLabel={label}
      type={field.type}
      unit={field.unit}
      value={isScalar(value) ? value : undefined}
      isEditable
      error={error}
      onChange={(typed) => {
        onChange(typed ?? '');
      }}
    />
  );
}

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

function RangeInput({ field, value, error, onChange }: Props) {
  const range: Range =
    typeof value === 'object' && !Array.isArray(value) && !isList(value) ? (value as Range) : {};
  const edge = (part: 'from' | 'below', label: string) => (
    <ValueInput
      ariaLabel={label}
      placeholder={label}
      type={field.type}
      unit={field.unit}
      value={range[part]}
      isEditable
      error={part === 'below' ? error : undefined}
      onChange={(typed) => {
        const { [part]: _, ...other } = range;
        onChange(typed === undefined ? other : { ...other, [part]: typed });
      }}
    />
  );
  return (
    <Group gap="xs" grow align="flex-start">
      {edge('from', 'de')}
      {edge('below', 'até antes de')}
    </Group>
  );
}

function SetInput({ field, value, lists, error, onChange }: Props) {
  const codes = shownCodes(field);
  const isNamed = isList(value) || field.personal;
  const values = Array.isArray(value) ? value.map(String) : [];
  return (
    <Stack gap={6}>
      {!field.personal && (
        <SegmentedControl
          size="xs"
          aria-label="De onde vêm os valores"
          data={[
            { value: 'values', label: 'Valores' },
            { value: 'list', label: 'Lista da política' },
          ]}
          value={isNamed ? 'list' : 'values'}
          onChange={(chosen) => {
            // Which one, people say: the first would be taken for what they meant.
            onChange(chosen === 'list' ? { list: '' } : []);
          }}
        />
      )}
      {isNamed ? (
        <Select
          aria-label="Lista"
          placeholder="Escolha a lista"
          data={lists.map(({ name, label }) => ({ value: name, label }))}
          value={isList(value) ? value.list : null}
          error={error}
          onChange={(name) => {
            onChange({ list: name ?? '' });
          }}
        />
      ) : codes === undefined ? (
        <TagsInput
          aria-label="Valores"
          placeholder="Digite e pressione Enter"
          splitChars={[',', ';', ' ']}
          value={values}
          error={error}
          onChange={onChange}
        />
      ) : (
        <MultiSelect
          aria-label="Valores"
          data={codes}
          searchable
          value={values}
          error={error}
          onChange={onChange}
        />
      )}
    </Stack>
  );
}
