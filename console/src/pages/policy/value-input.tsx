import { Text, TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import type { Scalar } from './document';
import { EXAMPLE, readValue, showValue, UNIT, type ValueType } from './values';

interface Props extends Pick<TextInputProps, 'label' | 'description' | 'placeholder' | 'w' | 'required'> {
  readonly type: ValueType;
  readonly unit?: string | null | undefined;
  readonly value: Scalar | undefined;
  readonly isEditable: boolean;
  readonly error?: string | undefined;
  readonly ariaLabel?: string;
  /** Undefined: nothing is written there. What cannot be read is given as it was typed, and the service says so. */
  readonly onChange: (value: Scalar | undefined) => void;
}

/** One value of a policy, typed as Brazilians write it. */
export function ValueInput({ type, unit, value, isEditable, error, ariaLabel, onChange, ...rest }: Props) {
  const [typed, setTyped] = useState<string>();
  const sign = UNIT[type];
  return (
    <TextInput
      {...rest}
      aria-label={ariaLabel}
      placeholder={rest.placeholder ?? EXAMPLE[type]}
      inputMode={type === 'integer' ? 'numeric' : type === 'amount' || type === 'rate' ? 'decimal' : 'text'}
      autoComplete="off"
      leftSection={sign === 'R$' ? <Sign text={sign} /> : undefined}
      rightSection={sign === '%' ? <Sign text={sign} /> : unit == null ? undefined : <Sign text={unit} />}
      rightSectionWidth={unit == null ? undefined : `${String(unit.length * 0.5 + 1.5)}rem`}
      readOnly={!isEditable}
      value={typed ?? (value === undefined ? '' : showValue(type, value))}
      error={error === undefined ? undefined : explained(error, type, value, typed)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange(text.trim() === '' ? undefined : (readValue(type, text) ?? text));
      }}
      onBlur={() => {
        setTyped(undefined);
      }}
    />
  );
}

/** The service speaks to whoever writes documents; whoever types into a field is told how to type. */
function explained(
  error: string,
  type: ValueType,
  value: Scalar | undefined,
  typed: string | undefined,
): string {
  if (value === undefined || value === '') return 'Preencha este campo';
  const text = typed ?? String(value);
  return typed !== undefined && readValue(type, text) === undefined
    ? `Não serve aqui: escreva como ${EXAMPLE[type]}`
    : error;
}

function Sign({ text }: { readonly text: string }) {
  return (
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  );
}
