/** The most bytes of one upload; larger ones are several. */
export const maxUploadBytes = 512 * 1024 * 1024;
