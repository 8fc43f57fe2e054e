#define SCRIPTS 1
