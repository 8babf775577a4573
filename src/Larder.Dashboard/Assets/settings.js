// What this browser remembers, where it may.
const name = key => `larder.${key}`;

export const recall = (key, otherwise) => {
  try {
    return localStorage.getItem(name(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};

export const remember = (key, value) => {
  try {
    localStorage.setItem(name(key), value);
  } catch {
    // Then for this page only.
  }
};
