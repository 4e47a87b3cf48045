import { SimpleGrid, Text, TextInput, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { helpOfSetting } from '../../words/help-words';
import type { PanelProps, PolicyDocument, Scalar } from './document';
import { readRebates, rebatesText } from './grid';
import { messageAt, type Problem } from './problems';
import type { Path, Setting } from './settings';
import { useHold } from './use-hold';
import { ValueInput } from './value-input';

/** Settings that belong together, under a title. */
export function SettingsSection({
  title,
  note,
  columns = 4,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly columns?: 1 | 4;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" mb="xs" mih={note === undefined ? 0 : undefined}>
        {note}
      </Text>
      <SimpleGrid cols={columns === 1 ? 1 : { base: 1, xs: 2, md: 4 }}>{children}</SimpleGrid>
    </section>
  );
}

/** Several values of the document, side by side. */
export function SettingInputs({
  document,
  settings,
  problems,
  isEditable,
  onChange,
}: PanelProps & { readonly settings: readonly Setting[]; readonly problems: readonly Problem[] }) {
  return settings.map((setting) => (
    <SettingInput
      key={setting.path.join('.')}
      setting={setting}
      value={valueAt(document, setting.path)}
      error={messageAt(problems, setting.path.join('.'))}
      isEditable={isEditable}
      onChange={(value) => {
        onChange(withValue(document, setting.path, value) as PolicyDocument);
      }}
    />
  ));
}

function SettingInput({
  setting: { path, label, type, unit, empty },
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
      description={helpOfSetting(path)}
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

/** Fees or rebates as one text. */
export function FeesInput({
  label,
  help,
  value,
  isEditable,
  error,
  onChange,
}: {
  readonly label: string;
  readonly help: string;
  readonly value: unknown;
  readonly isEditable: boolean;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && typed.trim() !== '' && readRebates(typed) === undefined;
  useHold(isWrong);
  return (
    <TextInput
      label={label}
      description={help}
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
        if (!isWrong) setTyped(undefined);
      }}
    />
  );
}

export function valueAt(document: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined) return document;
  if (typeof document !== 'object' || document === null) return undefined;
  return valueAt(Reflect.get(document, first), rest);
}

export function withValue(document: unknown, [first, ...rest]: Path, value: unknown): unknown {
  if (first === undefined) return value;
  const object = typeof document === 'object' && document !== null ? document : {};
  return { ...object, [first]: withValue(Reflect.get(object, first), rest, value) };
}
