/** Gives a text without the secrets that may have got into it, and without control characters. */
export function masker(secrets: readonly (string | undefined)[]): (text: string) => string {
  const hidden = secrets.filter((secret) => secret !== undefined && secret.length >= 4);
  return (text) => {
    let masked = text;
    for (const secret of hidden) masked = masked.replaceAll(secret ?? '', '***');
    // What a server answers may hold any.
    return masked.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
  };
}
