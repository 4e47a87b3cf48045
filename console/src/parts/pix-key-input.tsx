import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { PIX_KEY_EXPECTED, readPixKey } from '../../../src/kernel/pix-key';

interface Props extends Pick<TextInputProps, 'label' | 'description' | 'required' | 'error'> {
  readonly value: string;
  /** The owner's, in whatever way it is written. */
  readonly cpf: string;
  readonly onChange: (text: string) => void;
}

/** A PIX key. What the service would refuse is told once the field is left. */
export function PixKeyInput({ value, cpf, error, onChange, ...rest }: Props) {
  const [isLeft, setIsLeft] = useState(false);
  const isWrong = isLeft && value.trim() !== '' && readPixKey(value, cpf.replaceAll(/\D/g, '')) === undefined;
  return (
    <TextInput
      {...rest}
      autoComplete="off"
      value={value}
      error={isWrong ? PIX_KEY_EXPECTED : error}
      onChange={(event) => {
        setIsLeft(false);
        onChange(event.currentTarget.value);
      }}
      onBlur={() => {
        setIsLeft(true);
      }}
    />
  );
}
