import {
  MultiSelect,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { PanelProps, PolicyDocument, Scalar } from './document';
import { readRebates, rebatesText } from './grid';
import { messageAt, type Problem } from './problems';
import { AUTHORIZATION, EXPOSURE, LIMITS, PACING, type Path, type Setting } from './settings';
import { ValueInput } from './value-input';

interface Props extends PanelProps {
  /** More than values: prices, fitting, authorization. */
  readonly mayChangeStructure: boolean;
  readonly problems: readonly Problem[];
}

const STRATEGIES: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'keep_amount', label: 'Manter o valor, alongar o prazo' },
  { value: 'keep_installment', label: 'Manter a parcela pedida' },
  { value: 'max_amount', label: 'O maior valor que cabe' },
  { value: 'decline', label: 'Não ofertar' },
];

/** Everything that stands outside rules, tables and lists. */
export function SettingsPanel({ document, mayChangeStructure, problems, isEditable, onChange }: Props) {
  const isStructural = isEditable && mayChangeStructure;
  const change = (path: Path, value: unknown): void => {
    onChange(withValue(document, path, value) as PolicyDocument);
  };
  const inputs = (settings: readonly Setting[], isOpen: boolean) =>
    settings.map((setting) => (
      <SettingInput
        key={setting.path.join('.')}
        setting={setting}
        value={valueAt(document, setting.path)}
        error={messageAt(problems, setting.path.join('.'))}
        isEditable={isOpen}
        onChange={(value) => {
          change(setting.path, value);
        }}
      />
    ));
  const pick = (path: Path, label: string, data: readonly { value: string; label: string }[]) => (
    <Select
      label={label}
      allowDeselect={false}
      readOnly={!isStructural}
      data={[...data]}
      value={String(valueAt(document, path))}
      error={messageAt(problems, path.join('.'))}
      onChange={(value) => {
        change(path, value);
      }}
    />
  );
  const tables = (kind: string) =>
    document.tables.filter((table) => table.kind === kind).map(({ id, label }) => ({ value: id, label }));
  const isLate = valueAt(document, ['late_bidding', 'enabled']) === true;
  const strategies = valueAt(document, ['fitting', 'strategies']);
  return (
    <Stack gap="xl">
      <Section title="A política">
        <TextInput
          label="Nome"
          readOnly={!isEditable}
          value={document.name}
          error={messageAt(problems, 'name')}
          onChange={(event) => {
            change(['name'], event.currentTarget.value);
          }}
        />
        <Textarea
          label="Descrição"
          readOnly={!isEditable}
          autosize
          maxRows={6}
          value={document.description ?? ''}
          error={messageAt(problems, 'description')}
          onChange={(event) => {
            change(['description'], event.currentTarget.value);
          }}
        />
      </Section>
      <Section title="Oferta" note="O que se oferece, dentro do limite do leilão">
        {inputs(LIMITS(['limits']), isEditable)}
        {pick(['pricing', 'table'], 'Tabela de preços', tables('price'))}
        <RebatesInput
          value={valueAt(document, ['pricing', 'rebates'])}
          isEditable={isStructural}
          error={messageAt(problems, 'pricing.rebates')}
          onChange={(rebates) => {
            change(['pricing', 'rebates'], rebates);
          }}
        />
        {inputs(
          [
            {
              path: ['pricing', 'days_to_expiration'],
              label: 'Validade da oferta',
              type: 'integer',
              unit: 'dias',
            },
          ],
          isStructural,
        )}
      </Section>
      <Section
        title="Encaixe na margem"
        note="O que se tenta, nesta ordem, quando o empréstimo pedido não cabe"
      >
        <MultiSelect
          label="Tentativas, em ordem"
          readOnly={!isStructural}
          data={[...STRATEGIES]}
          value={Array.isArray(strategies) ? strategies.map(String) : []}
          error={messageAt(problems, 'fitting.strategies')}
          onChange={(chosen) => {
            change(['fitting', 'strategies'], chosen);
          }}
        />
        {inputs(
          [{ path: ['fitting', 'safety_tolerance'], label: 'Folga na margem', type: 'amount' }],
          isStructural,
        )}
      </Section>
      <Section title="Depois do limite" note="A primeira proposta leva, se ninguém ofertou">
        <Switch
          label="Ofertar depois do limite"
          checked={isLate}
          disabled={!isStructural}
          onChange={(event) => {
            const late = event.currentTarget.checked
              ? { enabled: true, limits: document['limits'], table: valueAt(document, ['pricing', 'table']) }
              : { enabled: false };
            change(['late_bidding'], late);
          }}
        />
        {isLate && inputs(LIMITS(['late_bidding', 'limits']), isEditable)}
        {isLate && pick(['late_bidding', 'table'], 'Tabela de preços', tables('price'))}
      </Section>
      <Section title="Exposição" note="Até quanto, em reais reservados e comprometidos">
        {inputs(EXPOSURE, isEditable)}
      </Section>
      <Section title="Ritmo" note="No máximo quantos lances">
        {inputs(PACING, isEditable)}
      </Section>
      <Section title="Autorização" note="Depois da assinatura">
        <div>
          <Text size="sm" fw={500} mb={2}>
            Quem autoriza
          </Text>
          <SegmentedControl
            aria-label="Quem autoriza"
            fullWidth
            readOnly={!isStructural}
            data={[
              { value: 'automatic', label: 'A política' },
              { value: 'manual', label: 'Uma pessoa' },
            ]}
            value={String(valueAt(document, ['authorization', 'mode']))}
            onChange={(mode) => {
              change(['authorization', 'mode'], mode);
            }}
          />
        </div>
        {inputs(AUTHORIZATION, isStructural)}
        <Switch
          mt="xl"
          label="Recusar quem está na base de fraudes"
          checked={valueAt(document, ['authorization', 'reject_fraud_flag']) === true}
          disabled={!isStructural}
          onChange={(event) => {
            change(['authorization', 'reject_fraud_flag'], event.currentTarget.checked);
          }}
        />
      </Section>
    </Stack>
  );
}

function Section({
  title,
  note,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" mb="xs" mih={note === undefined ? 0 : undefined}>
        {note}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>{children}</SimpleGrid>
    </section>
  );
}

function SettingInput({
  setting: { label, type, unit, empty },
  value,
  error,
  isEditable,
  onChange,
}: {
  readonly setting: Setting;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly isEditable: boolean;
  readonly onChange: (value: Scalar | null) => void;
}) {
  return (
    <ValueInput
      label={label}
      type={type}
      unit={unit}
      placeholder={empty ?? ''}
      value={typeof value === 'string' || typeof value === 'number' ? value : undefined}
      isEditable={isEditable}
      error={error}
      onChange={(typed) => {
        onChange(typed ?? (empty === undefined ? '' : null));
      }}
    />
  );
}

function RebatesInput({
  value,
  isEditable,
  error,
  onChange,
}: {
  readonly value: unknown;
  readonly isEditable: boolean;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && typed.trim() !== '' && readRebates(typed) === undefined;
  return (
    <TextInput
      label="Rebates"
      placeholder="nenhum"
      readOnly={!isEditable}
      value={typed ?? rebatesText(value)}
      error={isWrong ? 'Escreva como “spread 2,00%; tac R$ 50,00”' : error}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const rebates = text.trim() === '' ? [] : readRebates(text);
        if (rebates !== undefined) onChange(rebates);
      }}
      onBlur={() => {
        setTyped(undefined);
      }}
    />
  );
}

function valueAt(document: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined) return document;
  if (typeof document !== 'object' || document === null) return undefined;
  return valueAt(Reflect.get(document, first), rest);
}

function withValue(document: unknown, [first, ...rest]: Path, value: unknown): unknown {
  if (first === undefined) return value;
  const object = typeof document === 'object' && document !== null ? document : {};
  return { ...object, [first]: withValue(Reflect.get(object, first), rest, value) };
}
