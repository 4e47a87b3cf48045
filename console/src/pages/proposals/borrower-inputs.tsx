import { Group, Radio, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { maskedCpf, maskedDate } from '../../format/typed';
import { PixKeyInput } from '../../parts/pix-key-input';
import {
  HOLDER_CPF,
  HOLDER_FIELDS,
  payFields,
  type BorrowerDraft,
  type BorrowerField,
  type PayTo,
  type Product,
} from './borrower-draft';
import { HELP } from '../../words/help-words';

interface Props {
  readonly draft: BorrowerDraft;
  readonly onChange: (path: string, text: string) => void;
  /** What the service objects to, by path. */
  readonly problems: Readonly<Record<string, string>>;
}

/** Fields side by side, each with what is wrong with it. */
export function BorrowerInputs({ fields, ...props }: Props & { readonly fields: readonly BorrowerField[] }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
      {fields.map((field) => (
        <BorrowerInput key={field.path} field={field} {...props} />
      ))}
    </SimpleGrid>
  );
}

export function BorrowerInput({
  field,
  draft,
  onChange,
  problems,
}: Props & { readonly field: BorrowerField }) {
  const { path, label, kind, help, choices } = field;
  const common = {
    label,
    description: help,
    value: draft[path] ?? '',
    error: problems[path] ?? problemAbove(path, problems),
  };
  if (choices !== undefined)
    return (
      <Select
        {...common}
        value={draft[path] ?? null}
        data={[...choices]}
        clearable
        onChange={(value) => {
          onChange(path, value ?? '');
        }}
      />
    );
  if (kind === 'pix_key')
    return (
      <PixKeyInput
        {...common}
        cpf={draft[HOLDER_CPF] ?? ''}
        onChange={(text) => {
          onChange(path, text);
        }}
      />
    );
  return (
    <TextInput
      {...common}
      autoComplete="off"
      inputMode={kind === undefined ? 'text' : 'numeric'}
      placeholder={kind === 'date' ? 'dd/mm/aaaa' : undefined}
      onChange={({ currentTarget: { value } }) => {
        onChange(path, kind === 'date' ? maskedDate(value) : kind === 'cpf' ? maskedCpf(value) : value);
      }}
    />
  );
}

/** "person.address: falta informar" is shown at each part of the address. */
function problemAbove(path: string, problems: Props['problems']): string | undefined {
  const [top, group, part] = path.split('.');
  return part === undefined ? undefined : problems[`${top ?? ''}.${group ?? ''}`];
}

const PAY_TO: readonly { readonly value: PayTo; readonly label: string }[] = [
  { value: 'cpf', label: 'PIX na chave CPF' },
  { value: 'pix', label: 'Outra chave PIX' },
  { value: 'bank', label: 'Conta bancária' },
];

/** Where the money goes: an account of the borrower, by PIX to the CPF unless told otherwise. */
export function AccountInputs({
  product,
  payTo,
  onPayTo,
  asksHolder,
  ...props
}: Props & {
  readonly product: Product;
  readonly payTo: PayTo;
  readonly onPayTo: (payTo: PayTo) => void;
  /** Name and CPF are asked for here, because they are not asked for above. */
  readonly asksHolder: boolean;
}) {
  return (
    <div>
      <Radio.Group
        label="Conta do trabalhador"
        description={HELP.client.payTo}
        mb="sm"
        value={payTo}
        onChange={(value) => {
          onPayTo(value);
        }}
      >
        <Group mt={4} gap="md">
          {PAY_TO.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Group>
      </Radio.Group>
      <BorrowerInputs
        fields={[...(asksHolder ? HOLDER_FIELDS : []), ...payFields(payTo, product)]}
        {...props}
      />
      {props.problems['account'] !== undefined && (
        <Text size="sm" c="red" role="alert" mt={4}>
          {props.problems['account']}
        </Text>
      )}
    </div>
  );
}
