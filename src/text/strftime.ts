// Dates as templates ask for them (strftime_now), in local time and in English, as Python prints them in its default locale.

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];

export function strftime(date: Date, format: string): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return format.replace(/%(.)/g, (whole, directive: string) => {
    switch (directive) {
      case "Y":
        return String(date.getFullYear());
      case "y":
        return two(date.getFullYear() % 100);
      case "m":
        return two(date.getMonth() + 1);
      case "d":
        return two(date.getDate());
      case "H":
        return two(date.getHours());
      case "I":
        return two(date.getHours() % 12 || 12);
      case "M":
        return two(date.getMinutes());
      case "S":
        return two(date.getSeconds());
      case "p":
        return date.getHours() < 12 ? "AM" : "PM";
      case "A":
        return days[date.getDay()];
      case "a":
        return days[date.getDay()].slice(0, 3);
      case "B":
        return months[date.getMonth()];
      case "b":
        return months[date.getMonth()].slice(0, 3);
      case "%":
        return "%";
      default:
        return whole;
    }
  });
}
