import { Code, SimpleGrid, Stack, TextInput, Title } from '@mantine/core';
import { percent, shift, typedDecimal } from '../../format/format';
import type { PolicyDocument } from './document';
import type { PanelProps } from './policy-page';
import { useState } from 'react';

interface Setting {
  readonly path: readonly string[];
  readonly label: string;
  readonly kind: 'amount' | 'count' | 'share';
  readonly isOptional?: boolean;
}

const GROUPS: readonly { readonly title: string; readonly settings: readonly Setting[] }[] = [
  {
    title: 'Oferta',
    settings: [
      { path: ['limits', 'amount', 'minimum'], label: 'Valor mínimo (R$)', kind: 'amount' },
      { path: ['limits', 'amount', 'maximum'], label: 'Valor máximo (R$)', kind: 'amount' },
      { path: ['limits', 'installments', 'minimum'], label: 'Prazo mínimo (parcelas)', kind: 'count' },
      { path: ['limits', 'installments', 'maximum'], label: 'Prazo máximo (parcelas)', kind: 'count' },
      { path: ['limits', 'minimum_margin'], label: 'Margem mínima (R$)', kind: 'amount' },
      { path: ['fitting', 'safety_tolerance'], label: 'Folga na margem (R$)', kind: 'amount' },
      { path: ['pricing', 'days_to_expiration'], label: 'Validade da oferta (dias)', kind: 'count' },
    ],
  },
  {
    title: 'Exposição',
    settings: [
      { path: ['exposure', 'per_borrower'], label: 'Por trabalhador (R$)', kind: 'amount', isOptional: true },
      { path: ['exposure', 'per_employer'], label: 'Por empregador (R$)', kind: 'amount', isOptional: true },
      { path: ['exposure', 'per_day'], label: 'Por dia (R$)', kind: 'amount', isOptional: true },
      { path: ['exposure', 'total'], label: 'Total (R$)', kind: 'amount', isOptional: true },
    ],
  },
  {
    title: 'Ritmo',
    settings: [
      { path: ['pacing', 'bids_per_minute'], label: 'Lances por minuto', kind: 'count', isOptional: true },
      { path: ['pacing', 'bids_per_hour'], label: 'Lances por hora', kind: 'count', isOptional: true },
      { path: ['pacing', 'bids_per_day'], label: 'Lances por dia', kind: 'count', isOptional: true },
    ],
  },
  {
    title: 'Autorização',
    settings: [
      {
        path: ['authorization', 'minimum_face_validation_score'],
        label: 'Nota facial mínima',
        kind: 'count',
      },
      {
        path: ['authorization', 'minimum_document_face_match_score'],
        label: 'Nota documento e face mínima',
        kind: 'count',
      },
      { path: ['authorization', 'sampled_share'], label: 'Amostra para pessoas (%)', kind: 'share' },
    ],
  },
];

/** The numbers that stand outside tables. */
export function SettingsPanel({ document, isEditable, onChange }: PanelProps) {
  return (
    <Stack gap="lg">
      {GROUPS.map(({ title, settings }) => (
        <div key={title}>
          <Title order={2} mb="xs">
            {title}
          </Title>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            {settings.map((setting) => (
              <SettingInput
                key={setting.path.join('.')}
                setting={setting}
                document={document}
                isEditable={isEditable}
                onChange={onChange}
              />
            ))}
          </SimpleGrid>
        </div>
      ))}
      <div>
        <Title order={2} mb="xs">
          Lances depois do limite
        </Title>
        <Code block>{JSON.stringify(document['late_bidding'], null, 2)}</Code>
      </div>
    </Stack>
  );
}

function SettingInput({
  setting,
  document,
  isEditable,
  onChange,
}: PanelProps & { readonly setting: Setting }) {
  const [typed, setTyped] = useState<string>();
  const value = valueAt(document, setting.path);
  const isWrong = typed !== undefined && meaningOf(typed, setting) === undefined;
  return (
    <TextInput
      label={setting.label}
      placeholder={setting.isOptional === true ? 'sem limite' : ''}
      inputMode="decimal"
      readOnly={!isEditable}
      value={typed ?? shownAs(value, setting.kind)}
      error={isWrong ? 'Não serve aqui' : undefined}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onBlur={() => {
        const meant = typed === undefined ? undefined : meaningOf(typed, setting);
        if (meant === undefined) return;
        setTyped(undefined);
        if (meant.value !== value) onChange(withValue(document, setting.path, meant.value) as PolicyDocument);
      }}
    />
  );
}

function valueAt(document: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return document;
  if (typeof document !== 'object' || document === null) return undefined;
  return valueAt(Reflect.get(document, first), rest);
}

function withValue(document: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  const object = typeof document === 'object' && document !== null ? document : {};
  return { ...object, [first]: withValue(Reflect.get(object, first), rest, value) };
}

function shownAs(value: unknown, kind: Setting['kind']): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = String(value);
  return kind === 'share' ? percent(text).replace('%', '') : text.replace('.', ',');
}

function meaningOf(typed: string, { kind, isOptional }: Setting): { readonly value: unknown } | undefined {
  if (typed.trim() === '') return isOptional === true ? { value: null } : undefined;
  const number = typedDecimal(typed);
  if (number === undefined) return undefined;
  if (kind === 'share') return { value: shift(number, -2) };
  if (kind === 'amount') return { value: number };
  return /^\d{1,9}$/.test(number) ? { value: Number(number) } : undefined;
}
