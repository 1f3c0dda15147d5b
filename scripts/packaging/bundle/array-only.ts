// The least a page can import.
import { array } from "@hooke/runtime";

console.log(array([1, 2, 3]).shape);
