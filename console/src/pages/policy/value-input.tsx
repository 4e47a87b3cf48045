import { Text, TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import type { Scalar } from './document';
import { EXAMPLE, showValue, UNIT, UNREAD, writtenValue, type ValueType } from './values';

interface Props extends Pick<TextInputProps, 'label' | 'description' | 'placeholder' | 'w' | 'required'> {
  readonly type: ValueType;
  readonly unit?: string | null | undefined;
  readonly value: Scalar | undefined;
  readonly isEditable: boolean;
  readonly error?: string | undefined;
  readonly ariaLabel?: string;
  /** Undefined: nothing is written there. */
  readonly onChange: (value: Scalar | undefined) => void;
}

/** One value of a policy, typed as Brazilians write it. */
export function ValueInput({ type, unit, value, isEditable, error, ariaLabel, onChange, ...rest }: Props) {
  const [typing, setTyping] = useState<Typing>();
  const written = typing && writtenValue(type, typing.text);
  const isUnread = written === UNREAD;
  // Once something else stands in the document, as when one undoes, there is nothing left to mend.
  const typed = isUnread && value !== UNREAD ? undefined : typing;
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
      value={typed?.text ?? (value === undefined ? '' : showValue(type, value))}
      error={typed && isUnread ? (typed.isLeft || error) && notSo(type) : error && explained(error, value)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyping({ text, isLeft: false });
        onChange(writtenValue(type, text));
      }}
      onBlur={() => {
        setTyping(typed && isUnread ? { ...typed, isLeft: true } : undefined);
      }}
    />
  );
}

interface Typing {
  readonly text: string;
  /** With what cannot be read in it: only then, or once the service has looked, is a half-written number told to be wrong. */
  readonly isLeft: boolean;
}

const notSo = (type: ValueType): string => `Não serve aqui: escreva como ${EXAMPLE[type]}`;

/** The service speaks to whoever writes documents; whoever types into a field is told what to do. */
function explained(error: string, value: Scalar | undefined): string {
  return value === undefined || value === UNREAD ? 'Preencha este campo' : error;
}

function Sign({ text }: { readonly text: string }) {
  return (
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  );
}
