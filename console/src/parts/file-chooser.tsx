import { FileButton, type FileButtonProps } from '@mantine/core';
import { useRef } from 'react';

type Props = Omit<FileButtonProps, 'onChange' | 'resetRef'> & { readonly onFile: (file: File) => void };

/**
 * A button that asks for one file. It holds none afterwards: a browser says nothing when the file that is held is chosen
 * again, corrected under its old name.
 */
export function FileChooser({ onFile, ...props }: Props) {
  const reset = useRef<() => void>(null);
  return (
    <FileButton
      {...props}
      resetRef={reset}
      onChange={(file) => {
        if (file === null) return;
        reset.current?.();
        onFile(file);
      }}
    />
  );
}
