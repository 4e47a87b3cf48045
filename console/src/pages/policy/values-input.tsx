import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Scalar } from './document';
import { useHold } from './use-hold';
import { EXAMPLE, readValue, showValue, type ValueType } from './values';

/** Several values of one kind as one text: "12; 36". */
export function ValuesInput({
  label,
  help,
  type,
  values,
  isEditable,
  error,
  onChange,
}: {
  readonly label: string;
  readonly help: string;
  readonly type: ValueType;
  readonly values: readonly Scalar[];
  readonly isEditable: boolean;
  readonly error: string | undefined;
  readonly onChange: (values: readonly Scalar[]) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && readValues(type, typed) === undefined;
  useHold(isWrong);
  return (
    <TextInput
      label={label}
      description={help}
      placeholder={`${EXAMPLE[type]}; …`}
      autoComplete="off"
      readOnly={!isEditable}
      value={typed ?? values.map((value) => showValue(type, value)).join('; ')}
      error={isWrong ? `Escreva como ${EXAMPLE[type]}, com ponto e vírgula entre um e outro` : error}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const read = readValues(type, text);
        if (read !== undefined) onChange(read);
      }}
      onBlur={() => {
        if (!isWrong) setTyped(undefined);
      }}
    />
  );
}

/** undefined when one of them cannot be meant. */
function readValues(type: ValueType, text: string): readonly Scalar[] | undefined {
  const read = text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => readValue(type, part));
  return read.every((value) => value !== undefined) ? read : undefined;
}
