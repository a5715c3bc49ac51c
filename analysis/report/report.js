// Sorts a table by a click on a column's head; the drawing of a line is none to sort. Without scripts the heads are plain text.
"use strict";
for (const table of document.querySelectorAll("table:not(.bytes)")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const number = head.classList.contains("num");
    const text = (row) => row.cells[column].textContent;
    const compare = (a, b) => {
      const x = text(a), y = text(b);
      if (x === "" || y === "") return null; // not measured comes last, in either direction
      return number ? parseFloat(x) - parseFloat(y) : x.localeCompare(y, "en", { numeric: true });
    };
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => {
        const order = compare(a, b);
        if (order === null) return (text(a) === "") - (text(b) === "");
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
}
