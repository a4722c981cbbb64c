/** A multipart body with the boundary `cut`. */
export function body(...parts: readonly string[]): string {
  return `${parts.map((part) => `--cut\r\n${part}`).join('')}--cut--\r\n`;
}

/** A part that is a field. */
export function field(name: string, text: string): string {
  return `Content-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
}

/** A part that is a file. */
export function file(name: string, fileName: string, text: string): string {
  return `Content-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: text/xml\r\n\r\n${text}\r\n`;
}
